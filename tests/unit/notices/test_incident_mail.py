"""A mail about an incident can always be sent and read, whatever the source or an engine has said."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import AwsError
from shared.incidents import Cause, Event, Incident, Kind, Mail
from shared.notices.incident_mail import sns_tell, subject, text
from shared.text.display import displayable
from tests.fakes.aws import TOPIC, FakeSNS, client_error

MOMENT = datetime(2025, 9, 15, 1, tzinfo=UTC)
CAUSE = Cause(
    Kind.OURS,
    "AccessDeniedException",
    "the deployment has to be mended (AccessDeniedException)",
    "5 papers of 2025-W37 ko failed: allow translate:TranslateText.",
    "Mend that. To send them at once: chorok redrive --stack Chorok",
)
OPENED = Mail(Event.OPENED, Incident(CAUSE, MOMENT, MOMENT, told=MOMENT))


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (Event.OPENED, "Chorok: the deployment has to be mended (AccessDeniedException)"),
        (Event.REMINDED, "Chorok: still: the deployment has to be mended (AccessDeniedException)"),
        (Event.CLOSED, "Chorok: healed: the deployment has to be mended (AccessDeniedException)"),
    ],
)
def test_the_subject_says_which_stack_what_and_whether_it_is_new(event: Event, line: str) -> None:
    assert subject(replace(OPENED, event=event), "Chorok") == line


def test_it_says_the_cause_the_command_and_since_when() -> None:
    assert text(OPENED) == (
        "5 papers of 2025-W37 ko failed: allow translate:TranslateText.\n\n"
        "What to do: Mend that. To send them at once: chorok redrive --stack Chorok\n\n"
        "It is so since 2025-09-15 01:00 UTC. You are reminded once a day, and told when it is healed. More about it"
        " stands in docs/runbook.md#ours.\n"
    )


def test_when_it_is_over_nothing_is_left_to_do() -> None:
    assert text(replace(OPENED, event=Event.CLOSED)) == (
        "Healed: the deployment has to be mended (AccessDeniedException).\n\n"
        "It was so since 2025-09-15 01:00 UTC. Nothing is left to do.\n"
    )


@given(st.text(), st.sampled_from(Event), st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,127}", fullmatch=True))
def test_whatever_others_say_it_can_be_sent(said: str, event: Event, stack: str) -> None:
    cause, sns = replace(CAUSE, title=said, what=said, do=said), FakeSNS()

    sns_tell(cast("Any", sns), TOPIC, stack)(Mail(event, replace(OPENED.incident, cause=cause)))

    ((_, sent),) = sns.published
    assert displayable(sent) == sent


def test_who_may_not_publish_says_so() -> None:
    class Denied(FakeSNS):
        def publish(self, **message: Any) -> dict[str, Any]:
            raise client_error("AuthorizationErrorException", 403, "Publish")

    with pytest.raises(AwsError, match="Nobody can be told") as told:
        sns_tell(cast("Any", Denied()), TOPIC, "Chorok")(OPENED)

    assert told.value.code == "AuthorizationErrorException"
