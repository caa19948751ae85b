"""What a user may write after an option; what cannot be meant is refused with what there is."""

from pathlib import Path

import pytest

from cli import values
from shared.errors import UsageError
from shared.periods import PeriodKind


@pytest.mark.parametrize("written", [["KO", "Pt"], ["ko,pt"], [" ko , PT ", "ko"], ["Ko", "ko", "pt,KO"]])
def test_languages_are_understood_in_any_case_and_together_each_once(written: list[str]) -> None:
    assert values.languages(written) == ("ko", "pt")


@pytest.mark.parametrize("written", ["tlh", "ko,tlh", "", "ko,", "ko pt"])
def test_an_unknown_language_is_refused_with_the_known_ones(written: str) -> None:
    with pytest.raises(UsageError, match=r"Known: .*ko.*pt"):
        values.languages([written])


def test_where_one_language_is_meant_two_are_refused() -> None:
    assert values.language("KO,ko") == "ko"
    with pytest.raises(UsageError, match="one language"):
        values.language("ko,pt")


@pytest.mark.parametrize("written", ["2025-W60", "2025-13", "W37", "2025-W37 ", "2025-W\u0663\u0667", "\x1b[2J"])
def test_a_week_that_does_not_exist_is_refused_with_the_last_finished_one(written: str) -> None:
    with pytest.raises(UsageError, match=r"The last finished week is [0-9]{4}-W[0-9]{2}\."):
        values.period_name(PeriodKind.WEEK, written)


def test_a_period_that_is_not_over_is_refused_but_for_a_stack_that_has_a_time_zone_of_its_own() -> None:
    assert values.period("2025-W37", None, None, "") == "2025-W37"
    assert values.period("2999-W01", None, None, "Chorok") == "2999-W01"
    for week, day, month in (("2999-W01", None, None), (None, "2999-01-01", None), (None, None, "2999-01")):
        with pytest.raises(UsageError, match=r"is not over.*The last finished week is"):
            values.period(week, day, month, "")
    with pytest.raises(UsageError, match="is not over"):
        values.weeks("2025-W40..2999-W01", "")
    with pytest.raises(UsageError, match="Give one of"):
        values.period("2025-W37", "2025-09-12", None, "")


@pytest.mark.parametrize("written", ["latest", "sample", "2025-W37", "2025-09", "2025-W37-healed-0123abcd"])
def test_a_run_is_called_as_runs_are(written: str) -> None:
    assert values.run("latest", written) == written


@pytest.mark.parametrize("written", ["2025-37", "2025-W60", "../..", "2025-W37/ko", "latest"])
def test_what_cannot_be_a_run_is_refused_before_anything_is_looked_up(written: str) -> None:
    with pytest.raises(UsageError, match=r"is not a run|is not in the calendar"):
        values.run("", written)


@pytest.mark.parametrize("written", ["huggingface.co", "http://example.org", "https://huggingface.co@evil.example", ""])
def test_a_source_that_is_not_an_address_of_papers_is_refused_with_the_form_of_one(written: str) -> None:
    with pytest.raises(UsageError, match=r"https://huggingface\.co or, for a local copy, .*http://127\.0\.0\.1:8000"):
        values.request("", None, (), written)


def test_a_folder_that_cannot_be_written_is_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()

    assert values.folder_to_write(tmp_path / "not" / "yet") == tmp_path / "not" / "yet"
    with pytest.raises(UsageError, match=f"{file}/below cannot be written: {file} is not a folder"):
        values.folder_to_write(file / "below")
