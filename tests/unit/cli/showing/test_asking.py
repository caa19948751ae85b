"""A person is asked, and may also walk away from the question."""

import sys

import pytest
from click import termui

from cli.showing.asking import is_sure


@pytest.mark.parametrize("walked_away", [KeyboardInterrupt, EOFError])
def test_walking_away_from_the_question_stops_the_command(
    monkeypatch: pytest.MonkeyPatch, walked_away: type[BaseException]
) -> None:
    def answer(_prompt: str) -> str:
        raise walked_away

    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(termui, "visible_prompt_func", answer)

    with pytest.raises(KeyboardInterrupt):
        is_sure("Forget it?", yes=False)
