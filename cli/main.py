"""The command `chorok`: its help is the manual.

Exit status: 0 every digest complete, 3 a digest is partial, 2 usage, 1 anything else, with one line that says what.
"""

import signal
import sys
from importlib import import_module
from typing import NoReturn

import click
from botocore.exceptions import BotoCoreError, ClientError

from cli.connecting.aws import aws_message
from shared.errors import ChorokError, UsageError

COMMANDS = (
    *("run", "status", "redrive", "heal", "backfill", "up", "down", "memory"),
    *("download", "open", "url", "serve"),
)
"""Each is the click command `command` of the module of its name."""


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="chorok")
def chorok() -> None:
    """The week's most-voted machine-learning papers from Hugging Face, every abstract translated.

    Exit status: 0 every digest is complete, 3 a digest is partial, 2 usage, 1 anything else.
    """


for name in COMMANDS:
    chorok.add_command(import_module(f"cli.{name}").command)


def main() -> NoReturn:
    """Run the command; one line for whatever a user can cause, and the exit status for it."""
    # Ended from outside it stops what it started, as on Ctrl-C.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    try:
        sys.exit(chorok.main(standalone_mode=False))
    except click.exceptions.Abort:
        sys.exit("chorok: stopped")
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except UsageError as error:
        click.echo(f"chorok: {error}", err=True)
        sys.exit(2)
    except ChorokError as error:
        click.echo(f"chorok: {error}", err=True)
        sys.exit(1)
    except OSError as error:
        if error.filename is None:
            raise
        click.echo(f"chorok: {error.filename} cannot be used: {error.strerror}. Give another place.", err=True)
        sys.exit(1)
    except (BotoCoreError, ClientError) as error:
        click.echo(f"chorok: AWS cannot be used: {aws_message(error)}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
