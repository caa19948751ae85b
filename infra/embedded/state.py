"""The state folder: everything an embedded cloud keeps, for one process at a time.

    identity        whose folder it is (see `ownership`)
    lock            locked by the process that owns the folder; holds its pid, for the message to others
    running.json    what runs, its secret included, locked by the process that keeps it up (see `keeper`); without that
                    lock, a leftover
    s3/             every object, written by the emulator as it is put: this survives everything
    saved/          the rest of the emulator's state, by generation
      7/            one generation; of those with a deployed.json the last one counts
        deployed.json    which template is deployed, and its outputs; written last
        services/        what the emulator saved when it was last stopped cleanly: stack, functions, queues, messages
    tmp/            temporary files of the emulator and its functions; emptied before each start
      home/            their HOME, with nothing in it
    logs/           emulator.log, engine.log, keeper.log; each emptied when its process starts

The emulator saves its services one file at a time when it stops. Killed meanwhile, it would leave queues of one time
with a stack of another. So it always works on a copy of the last generation, and only a clean stop makes that the last
one. After `kill -9` the stack, the bucket, the queues and their messages are as they were at the last clean stop, while
the objects are those of the last moment.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import re
import shlex
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from infra.embedded.objects import make_ready
from infra.embedded.ownership import claim
from shared.errors import CloudError, StateInUse

RUNNING = "running.json"
_SERVICES = ("cloudformation", "cloudwatch", "cloudwatch_logs", "iam", "lambda", "s3", "scheduler", "sns", "sqs")
"""The services that the stack uses: what others have saved may be code that somebody else wants to have run."""
_DEAD_OWNER_SECONDS = 10.0
"""How long the processes of an owner that was killed may take to follow it."""
_LIVE_OWNER_SECONDS = 1.0
"""How long to look again while the owner lives: it may be ending, or only have looked at the lock."""
_POLL_SECONDS = 0.02


@dataclass(frozen=True)
class Deployed:
    """What a generation has deployed: the template's sha256 and the stack's outputs as the emulator gave them.

    `sums` are the sha256 of the services' files, by name; version 0.1 wrote none.
    """

    template: str
    outputs: dict[str, str]
    sums: dict[str, str] | None = None


class StateFolder:
    """A state folder that this process owns. `hold` makes it; `lock` is the descriptor that owns it."""

    def __init__(self, root: Path, lock: int) -> None:
        self.root = root
        self.lock = lock

    @property
    def objects(self) -> Path:
        """Where the emulator writes S3's objects."""
        return self.root / "s3"

    @property
    def temporary(self) -> Path:
        """Where the emulator and its functions put temporary files."""
        return self.root / "tmp"

    @property
    def home(self) -> Path:
        """The HOME of the emulator and its functions."""
        return self.temporary / "home"

    def log(self, name: str) -> Path:
        """The log file of the process `name`."""
        folder = self.root / "logs"
        folder.mkdir(exist_ok=True)
        return folder / f"{name}.log"

    def deployed(self) -> Deployed | None:
        """What the current generation has deployed; None where there is none yet. Raises CloudError where damaged."""
        return deployed_on(self.root)

    def services(self, *, anew: bool = False) -> Path:
        """The next generation's folder of services: a copy of the current generation's, for the emulator to work on.

        With `anew` it is empty. Raises CloudError where a file is damaged.
        """
        if not anew:
            require_whole(self.root)
        current, following = current_generation(self.root), self._following()
        following.parent.mkdir(exist_ok=True)
        for other in following.parent.iterdir():
            if other.is_dir() and other != current:
                shutil.rmtree(other)
        (following / "services").mkdir(parents=True)
        for name in () if anew else _SERVICES:
            with contextlib.suppress(FileNotFoundError):
                _link(current / "services" / f"{name}.json", following / "services" / f"{name}.json")
        _release(following / "services" / "sqs.json")
        return following / "services"

    def keep(self, deployed: Deployed) -> None:
        """Let the next generation count from now on, with what it has deployed."""
        before, following = current_generation(self.root), self._following()
        sums = {path.name: _sum(path) for path in _service_files(following) if path.exists()}
        write_whole(following / "deployed.json", msgspec.json.encode(replace(deployed, sums=sums)))
        shutil.rmtree(before, ignore_errors=True)

    def prepare(self) -> None:
        """Make the folder ready for a start: no temporary files, nothing half-written, few old versions."""
        self.clear()
        self.home.mkdir(mode=0o700, parents=True)
        make_ready(self.objects)

    def clear(self) -> None:
        """Remove the temporary files: each function that ran has left a copy of its code."""
        shutil.rmtree(self.temporary, ignore_errors=True)

    def _following(self) -> Path:
        current = current_generation(self.root)
        return current.with_name(str(int(current.name) + 1))


def current_generation(root: Path) -> Path:
    """The folder of the generation that counts on the state folder `root`; it is not there before the first one."""
    complete = [path.parent.name for path in (root / "saved").glob("*/deployed.json")]
    return root / "saved" / str(max((int(name) for name in complete if re.fullmatch("[0-9]+", name)), default=0))


def deployed_on(root: Path) -> Deployed | None:
    """What the generation that counts has deployed; None where there is none yet. Raises CloudError where damaged."""
    # Twice, as the next generation may begin to count, and this one be removed, before it is read.
    for _ in range(2):
        path = current_generation(root) / "deployed.json"
        try:
            return msgspec.json.decode(path.read_bytes(), type=Deployed)
        except FileNotFoundError:
            continue
        except (OSError, msgspec.DecodeError) as error:
            raise _damaged(root, f"{path} cannot be read ({error})") from error
    if ledger_folder(root) is not None:
        raise _damaged(root, f"{root / 'saved'} is missing, which says what the objects in {root / 's3'} are")
    return None


def require_whole(root: Path) -> None:
    """Raise CloudError, naming the file, where one of the generation that counts is not as it was written."""
    deployed = deployed_on(root)
    if deployed is None:
        return
    for path in _service_files(current_generation(root)):
        try:
            if deployed.sums is None:
                msgspec.json.decode(path.read_bytes())
            elif path.name in deployed.sums and _sum(path) != deployed.sums[path.name]:
                raise _damaged(root, f"{path} is not as it was written")
        except (OSError, msgspec.DecodeError) as error:
            raise _damaged(root, f"{path} cannot be read ({error})") from error


def ledger_folder(root: Path) -> Path | None:
    """The folder of the bucket that holds runs, whatever it is called; the one with the most, or None."""
    runs = {path.parent: len(list(path.iterdir())) for path in (root / "s3").glob("[0-9]*/*/runs") if path.is_dir()}
    return max(runs, key=lambda folder: runs[folder], default=None)


def _service_files(generation: Path) -> Iterator[Path]:
    return (generation / "services" / f"{name}.json" for name in _SERVICES)


def _sum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _damaged(root: Path, what: str) -> CloudError:
    return CloudError(
        f"The embedded cloud's state is damaged: {what}. This builds the cloud anew around its ledger:"
        f" chorok doctor --repair --state {shlex.quote(str(root))}"
    )


@contextmanager
def hold(root: Path) -> Iterator[StateFolder]:
    """Own the state folder at `root`, made where there is none, until the block ends or the process does.

    A folder whose owner was killed is free as soon as the processes on its leash are dead, which is awaited. Raises
    StateInUse where another process has it, CloudError where another user has made it, or it cannot be written.
    """
    root = root.absolute()
    try:
        claim(root)
        lock = os.open(root / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise CloudError(f"state folder {root} cannot be used: {error.strerror}; give another --state.") from error
    try:
        if not _lock(root, lock):
            raise StateInUse(
                f"state folder {root} is in use by process {owner(root)}; wait, stop it, or give another --state."
            )
        try:
            os.ftruncate(lock, 0)
            os.pwrite(lock, str(os.getpid()).encode(), 0)
        except OSError as error:
            raise CloudError(f"state folder {root} cannot be used: {error.strerror}; give another --state.") from error
        yield StateFolder(root, lock)
    finally:
        os.close(lock)


def owner(root: Path) -> int | None:
    """The pid that the lock file names: of the present owner where `is_held`, else of the last one."""
    try:
        return int((root / "lock").read_text())
    except (OSError, ValueError):
        return None


def is_held(root: Path) -> bool:
    """Whether some process owns the state folder at `root`, or has not yet followed its owner."""
    return is_locked(root / "lock")


def is_up(root: Path) -> bool:
    """Whether a cloud is kept up on the state folder at `root`."""
    return is_locked(root / RUNNING)


def is_locked(path: Path) -> bool:
    """Whether some process has locked the file at `path`."""
    try:
        file = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        # Shared, so that two who only look do not get in each other's way.
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False


def wait_until_free(root: Path, seconds: float) -> bool:
    """Whether the state folder at `root` is free, or becomes so within `seconds`."""
    deadline = time.monotonic() + seconds
    while is_held(root):
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True


def wait_until_dead(pid: int) -> None:
    """Wait for an owner that has let go of its folder to end; not for long, as its parent may not collect it."""
    deadline = time.monotonic() + _LIVE_OWNER_SECONDS
    while _is_alive(pid) and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)


def _lock(root: Path, lock: int) -> bool:
    start = time.monotonic()
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            patience = _LIVE_OWNER_SECONDS if _is_alive(owner(root)) else _DEAD_OWNER_SECONDS
            if time.monotonic() - start > patience:
                return False
            time.sleep(_POLL_SECONDS)
        else:
            return True


def _is_alive(pid: int | None) -> bool:
    if pid is None:
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _link(source: Path, target: Path) -> None:
    """A hard link, or a copy where there are none: the emulator replaces its files and never writes into one."""
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copy2(source, target)


def write_whole(path: Path, body: bytes) -> None:
    """Write a file so that half of it is never seen, whatever happens meanwhile."""
    partial = path.with_name(path.name + ".partial")
    with partial.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def _release(queues: Path) -> None:
    """Make every message in the emulator's saved queues visible: whoever had received one ended with the emulator."""
    if not queues.exists():
        return
    saved = json.loads(queues.read_bytes())
    for queue in saved["payload"]["queues"]["data"].values():
        for message in queue["messages"]:
            message["visible_at"] = 0
    write_whole(queues, json.dumps(saved).encode())
