"""What an operator is told of an incident, in English, as subject and text of an SNS message.

What others have said, the source or an engine, stands in the text alone and made fit to be shown.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from shared.aws import aws_errors
from shared.errors import AwsError
from shared.incidents import Event, Mail
from shared.text.display import one_line

if TYPE_CHECKING:
    from types_boto3_sns import SNSClient

Tell = Callable[[Mail], None]
"""Sends the mail. Raises AwsError where it could not be sent."""

_MOST_CHARACTERS = 100
"""Of a subject, in ASCII: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html."""
_BEGINNINGS = {Event.OPENED: "", Event.REMINDED: "still: ", Event.CLOSED: "healed: "}


def sns_tell(sns: SNSClient, topic: str, stack: str) -> Tell:
    """Telling through an SNS topic what concerns the stack of this name."""

    @aws_errors(AwsError, "Nobody can be told")
    def tell(mail: Mail) -> None:
        sns.publish(TopicArn=topic, Subject=subject(mail, stack), Message=text(mail))

    return tell


def subject(mail: Mail, stack: str) -> str:
    """One line: which stack, whether it is new, and what it is."""
    line = f"{stack}: {_BEGINNINGS[mail.event]}{one_line(mail.incident.cause.title)}"
    line = line.encode("ascii", "replace").decode()
    return line if len(line) <= _MOST_CHARACTERS else f"{line[: _MOST_CHARACTERS - 3]}..."


def text(mail: Mail) -> str:
    """What is wrong, the one command, since when, and when the next mail comes."""
    cause, since = mail.incident.cause, _minute(mail.incident.since)
    if mail.event is Event.CLOSED:
        return f"Healed: {one_line(cause.title)}.\n\nIt was so since {since}. Nothing is left to do.\n"
    return (
        f"{one_line(cause.what)}\n\n"
        f"What to do: {one_line(cause.do)}\n\n"
        f"It is so since {since}. You are reminded once a day, and told when it is healed. More about it stands in"
        f" docs/runbook.md#{cause.kind}.\n"
    )


def _minute(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M} {time.tzname()}"
