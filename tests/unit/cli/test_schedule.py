"""Last week's digest by itself: what is installed is found and removed, and a failure is told once."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cli.connecting import weekly
from cli.connecting.scheduling import Crontab, Launchd, Ran, Systemd, choose
from cli.connecting.timers import Job
from cli.connecting.weekly import Kept, due, look, notification, read
from shared.errors import CloudError

MONDAY = datetime(2025, 9, 15, 3, tzinfo=UTC)
"""Noon in Seoul after 2025-W37."""
JOB = Job(("/bin/chorok", "schedule", "run"))


@dataclass
class Machine:
    """Programs that do nothing but remember: those in `failing` end with a status, those in `absent` are not there."""

    ran: list[tuple[str, ...]] = field(default_factory=list)
    failing: dict[str, Ran] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)
    crontab: str | None = None

    def __call__(self, words: Sequence[str], given: str) -> Ran:
        self.ran.append(tuple(words))
        if words[0] in self.absent:
            return Ran(None)
        if words == ("crontab", "-l"):
            return Ran(1, "no crontab for ada") if self.crontab is None else Ran(0, self.crontab)
        if words == ("crontab", "-"):
            self.crontab = given
        return self.failing.get(words[0], Ran(0))

    def named(self, program: str) -> list[tuple[str, ...]]:
        return [words for words in self.ran if words[0] == program]


@pytest.fixture
def machine() -> Machine:
    return Machine()


def test_each_machine_has_its_own_scheduler(machine: Machine, tmp_path: Path) -> None:
    def chosen(platform: str) -> object:
        return choose(machine, platform, tmp_path, 501, MONDAY, {})

    assert isinstance(chosen("darwin"), Launchd)
    assert isinstance(chosen("linux"), Systemd)
    machine.failing["systemctl"] = Ran(1, "Failed to connect to bus")
    assert isinstance(chosen("linux"), Crontab)
    machine.absent |= {"systemctl", "crontab"}
    with pytest.raises(CloudError, match="neither systemd"):
        chosen("linux")


def test_a_systemd_timer_is_installed_once_and_removed_with_nothing_left(machine: Machine, tmp_path: Path) -> None:
    systemd = Systemd(machine, tmp_path / "systemd" / "user")

    systemd.install(JOB)
    written = {path.name: path.read_text() for path in systemd.folder.iterdir()}
    systemd.install(JOB)
    installed = systemd.is_installed()
    gone, again = systemd.remove(), systemd.remove()

    assert written.keys() == {"chorok.service", "chorok.timer"}
    assert (installed, gone, again) == (True, True, False)
    assert list(systemd.folder.iterdir()) == []
    assert ("systemctl", "--user", "enable", "--now", "chorok.timer") in machine.ran
    assert ("systemctl", "--user", "disable", "--now", "chorok.timer") in machine.ran


def test_a_unit_that_somebody_else_wrote_is_left_alone(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "chorok.timer").write_text("[Timer]\nOnCalendar=daily\n")

    with pytest.raises(CloudError, match=r"is not chorok's"):
        Systemd(machine, tmp_path).install(JOB)
    with pytest.raises(CloudError, match=r"is not chorok's"):
        Systemd(machine, tmp_path).remove()

    assert (tmp_path / "chorok.timer").read_text() == "[Timer]\nOnCalendar=daily\n"


def test_a_launchd_agent_is_installed_once_and_removed_with_nothing_left(machine: Machine, tmp_path: Path) -> None:
    launchd = Launchd(machine, tmp_path / "LaunchAgents", 501, MONDAY)

    launchd.install(JOB)
    launchd.install(JOB)
    installed = launchd.is_installed()
    gone, again = launchd.remove(), launchd.remove()

    assert (installed, gone, again) == (True, True, False)
    assert list(launchd.folder.iterdir()) == []
    assert machine.named("launchctl")[1][:3] == ("launchctl", "bootstrap", "gui/501")


@pytest.mark.parametrize("table", [None, "", "0 5 * * 1 tar zcf backup.tgz home\n"])
def test_the_crontab_is_as_before_after_install_and_remove(machine: Machine, table: str | None) -> None:
    machine.crontab = table
    cron = Crontab(machine, MONDAY)

    cron.install(JOB)
    once = machine.crontab
    cron.install(JOB)
    installed = cron.is_installed()
    gone, again = cron.remove(), cron.remove()

    assert once is not None
    assert once.count("/bin/chorok schedule run") == 2
    assert (installed, gone, again) == (True, True, False)
    assert machine.crontab == (table or "")


def test_a_scheduler_that_refuses_is_one_line(machine: Machine, tmp_path: Path) -> None:
    machine.failing["systemctl"] = Ran(1, "Failed to connect\nto bus")

    with pytest.raises(
        CloudError, match=r"systemctl --user daemon-reload ended with status 1: Failed to connect to bus"
    ):
        Systemd(machine, tmp_path).install(JOB)


def made(machine: Machine, state: Path, now: datetime = MONDAY) -> Kept:
    return look(state, ("/bin/chorok", "run", "--state", str(state)), machine, now, "linux")


def test_a_week_is_made_once_and_the_next_when_its_votes_have_settled(machine: Machine, tmp_path: Path) -> None:
    first = made(machine, tmp_path)
    same_week = made(machine, tmp_path, MONDAY + timedelta(days=6))
    too_early = made(machine, tmp_path, MONDAY + timedelta(days=7, hours=-3))
    next_week = made(machine, tmp_path, MONDAY + timedelta(days=7))

    assert [kept.week for kept in (first, same_week, too_early, next_week)] == ["2025-W37"] * 3 + ["2025-W38"]
    assert [words[-2:] for words in machine.named("/bin/chorok")] == [("--week", "2025-W37"), ("--week", "2025-W38")]
    assert not machine.named("notify-send")


def test_a_week_that_fails_is_tried_every_day_and_told_once(machine: Machine, tmp_path: Path) -> None:
    machine.failing["/bin/chorok"] = Ran(1, "looking …\nchorok: Hugging Face cannot be reached.\n")

    for day in range(3):
        made(machine, tmp_path, MONDAY + timedelta(days=day))
    failed = read(tmp_path)
    machine.failing["/bin/chorok"] = Ran(3, "")
    partial = made(machine, tmp_path, MONDAY + timedelta(days=3))
    del machine.failing["/bin/chorok"]
    healed = made(machine, tmp_path, MONDAY + timedelta(days=4))

    assert (failed.failed_week, failed.failure) == ("2025-W37", "chorok: Hugging Face cannot be reached.")
    assert "partial" in partial.failure
    assert (healed.week, healed.failure) == ("2025-W37", "")
    assert len(machine.named("/bin/chorok")) == 5
    assert len(machine.named("notify-send")) == 2


def test_a_failure_leaves_the_last_success_to_be_shown(machine: Machine, tmp_path: Path) -> None:
    made(machine, tmp_path)
    machine.failing["/bin/chorok"] = Ran(1, "")

    later = made(machine, tmp_path, MONDAY + timedelta(days=7))

    assert (later.week, later.failed_week, later.failure) == ("2025-W37", "2025-W38", "it ended with status 1")


def test_a_desktop_that_cannot_be_told_costs_nothing(machine: Machine, tmp_path: Path) -> None:
    machine.failing["/bin/chorok"] = Ran(1, "")
    machine.absent.add("notify-send")

    assert made(machine, tmp_path).failure


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_no_text_of_a_notification_is_an_option_or_a_script(platform: str) -> None:
    hostile = '-x" & do shell script "rm'

    words = notification("chorok", hostile, platform)

    assert words[-1] == hostile
    assert hostile not in " ".join(words[:-1])
    assert platform == "darwin" or words[-3] == "--"


def test_what_is_kept_and_damaged_is_nothing(tmp_path: Path) -> None:
    (tmp_path / weekly._FILE).write_text("{")

    assert read(tmp_path) == Kept()


def test_the_week_that_is_due_is_the_clouds() -> None:
    assert due(MONDAY) == "2025-W37"
    assert due(MONDAY - timedelta(hours=3)) == "2025-W36"


def test_what_is_kept_is_for_whoever_reads_json(machine: Machine, tmp_path: Path) -> None:
    made(machine, tmp_path)

    assert json.loads((tmp_path / weekly._FILE).read_text())["week"] == "2025-W37"
