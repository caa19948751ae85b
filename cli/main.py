"""The command `chorok`, from its first moment to its exit status.

Exit status: 0 every digest complete, 3 a digest is partial, 2 usage, 130 and 143 stopped from outside, 1 anything else;
each but 0 and 3 with one line on standard error that says why.

Everything else is imported inside `main`, so that Ctrl-C is answered from the start.
"""

import os
import signal
import sys
from types import FrameType
from typing import NoReturn


def main() -> NoReturn:
    """Run the command; one line for whatever the world does, and the exit status for it."""
    signal.signal(signal.SIGTERM, _stop)
    try:
        from cli.outcome import run

        status = run(sys.argv[1:])
    except KeyboardInterrupt as stopped:
        # Whoever presses it twice still gets one line.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        os.write(2, b"chorok: stopped\n")
        status = 128 + (stopped.args[0] if stopped.args else signal.SIGINT)
    sys.exit(status)


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    """End as on Ctrl-C, which stops what was started."""
    raise KeyboardInterrupt(number)


if __name__ == "__main__":
    main()
