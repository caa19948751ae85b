"""What runs on this machine, read from /proc: for tests that say nothing is left, and nothing is open to others."""

import os
from pathlib import Path

_LISTEN = "0A"


def processes_with(text: str) -> dict[int, str]:
    """The processes, this one aside, whose command line or environment holds `text`: pid and what was found."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            told = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
        except OSError:
            continue
        if text.encode() in told and folder.name != str(os.getpid()):
            found[int(folder.name)] = told.replace(b"\0", b" ").decode(errors="replace")
    return found


def listening(pids: set[int]) -> set[str]:
    """The local addresses on which these processes listen, as /proc/net writes them: `0100007F` is 127.0.0.1."""
    inodes = set()
    for pid in pids:
        for descriptor in Path(f"/proc/{pid}/fd").glob("*"):
            try:
                target = str(descriptor.readlink())
            except OSError:
                continue
            if target.startswith("socket:["):
                inodes.add(target[8:-1])
    lines = [
        line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]
    ]
    return {line[1].split(":")[0] for line in lines if line[3] == _LISTEN and line[9] in inodes}
