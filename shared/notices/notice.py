"""The notice that a digest is out: what every channel has in common.

The titles are strangers' text: they stand in the text, made fit to be shown, and never in the subject.
"""

from collections.abc import Callable, Iterable, Sequence

from shared.digest.model import Digest
from shared.digest.view import View
from shared.languages.table import find_language
from shared.ledger import keys

Announce = Callable[[View, bool], None]
"""Sends the subscribers the notice that a digest is out; the flag says that a partial one was healed."""

_LONGEST_LINE = 300
"""No real title is longer."""


def in_turn(*announcers: Announce) -> Announce:
    """Announcing through one after the other; an error of one keeps the notice from those after it."""

    def announce(view: View, healed: bool) -> None:  # noqa: FBT001 - the shape is Announce's
        for announcer in announcers:
            announcer(view, healed)

    return announce


def subject(digest: Digest, *, healed: bool) -> str:
    """One line: which digest, and how complete it is.

    An SNS subject has fewer than 100 characters and no control character among them
    (https://docs.aws.amazon.com/sns/latest/api/API_Publish.html). In ASCII every mail program shows it.
    """
    outcome = "healed" if healed else digest.state
    name = find_language(digest.language).name
    return f"chorok {digest.run} ({name}): {outcome}, {digest.translated} of {len(digest.papers)} translated"


def headline(view: View, site: str) -> list[str]:
    """What a notice begins with: which digest, how complete it is, what is missing or marked, and where its page is."""
    digest, words = view.digest, view.words
    facts = (view.dates, words("papers", count=len(view.papers)), view.state)
    return [
        view.title,
        " · ".join(filter(None, facts)),
        *filter(None, [words("sample") if digest.is_sample else "", view.missing, view.marked]),
        *([site + keys.digest(digest.edition, keys.PAGE)] if site else []),
    ]


def fitting(
    head: Sequence[str], blocks: Iterable[str], tail: Sequence[str], limit: int, size: Callable[[str], int]
) -> str:
    """The lines of head and tail and the blocks between them, apart by empty lines; "…" for blocks beyond `limit`.

    `size` measures as the limit is meant, in bytes or characters.
    """
    begin, end = "".join(f"{line}\n" for line in head), "".join(f"{line}\n" for line in ("", *tail) if tail)
    rest = "\n…\n"
    room = limit - size(begin) - size(end) - size(rest)
    kept = [begin]
    for block in blocks:
        part = f"\n{block}\n"
        room -= size(part)
        if room < 0:
            kept.append(rest)
            break
        kept.append(part)
    return "".join([*kept, end])


def shortened(line: str) -> str:
    """`line`, or its beginning where it is longer than any real title."""
    return line if len(line) <= _LONGEST_LINE else line[: _LONGEST_LINE - 1] + "…"
