"""Masks: what must come back from any engine to the character, and how it is hidden from the engine.

Masked are URLs, e-mail addresses, code, tags and math. Names, numbers and ranges are not: an abstract holds about
fourteen of them and a mask costs 28 characters, so the engine gets them as they are and the judge compares them.

There are four maskings: `SPANS`, as Amazon Translate documents it
(https://docs.aws.amazon.com/translate/latest/dg/customizing-translations-tags.html), `SPANS_AND_NUMBERS`, for an engine
that has changed a number, `WORDS`, for one that breaks spans but copies a word it does not know, and `NONE`, which
leaves everything to the engine and only looks whether it is there.
"""

import html
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

_ADDRESS = r"[A-Za-z0-9_\-.~:/?#@!$&'()*+,;=%]"
"""What an address is made of (RFC 3986), but for the brackets that Markdown puts around one."""
_SCRIPT = r"(?:\{[^{}\n]*\}|[A-Za-z0-9*+\-]*[A-Za-z0-9*+])"
"""What follows `^` or `_`: a group in braces, or a run such as `2`, `i+1` or `*`."""

_URL = (
    rf"(?i:https?://|www\.){_ADDRESS}+"
    # An address typed without its scheme: with a path, or on one of the hosts that projects live on.
    rf"|(?<![A-Za-z0-9_@./-])(?:[A-Za-z0-9-]+\.)+[A-Za-z]{{2,}}/{_ADDRESS}*"
    r"|(?<![A-Za-z0-9_@./-])[A-Za-z0-9-]+\.(?:github|gitlab|hf)\.(?:io|space)(?![A-Za-z0-9-])"
)
_EMAIL = r"(?<![A-Za-z0-9_.+-])[A-Za-z0-9_.+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?![A-Za-z0-9-])"
_CODE = r"`[^`\n]+`"
_TAG = r"</?[A-Za-z][^<>\n]{0,80}>"
_MATH = (
    # Dollars pair as in pandoc: "$5 and $10" are prices.
    r"\$(?=\S)[^$\n]+(?<=\S)\$(?!\d)"
    rf"|\\[A-Za-z]+(?:\{{[^{{}}\n]*\}})*(?:[\^_]{_SCRIPT})*"
    # A token with a superscript, such as `O(N^2)`, `S^2-Guidance` or a bare `^2`.
    rf"|(?<![A-Za-z0-9_^])(?:[A-Za-z0-9]+(?:\([A-Za-z0-9_+]*)?)?\^{_SCRIPT}(?:[A-Za-z0-9_)\-^]*[A-Za-z0-9_)])?"
    # A subscript under one letter, or a braced one under a word (`theta_{GRPO}`): `pi_0` alone is a model's name.
    rf"|(?<![A-Za-z0-9_\\])(?:[A-Za-z]|[A-Za-z]+(?=_\{{))_{_SCRIPT}(?![A-Za-z0-9_])"
)
_MASK = re.compile(rf"(?P<url>{_URL})|(?P<email>{_EMAIL})|(?P<code>{_CODE})|(?P<tag>{_TAG})|(?P<math>{_MATH})")
_ANY_SIGN = re.compile(r"[`$\\^_<@/]|(?i:www)\.|\.(?:github|gitlab|hf)\.")
"""What every mask has some of; most sentences have none, and are not searched for masks."""
_NUMBER = re.compile(r"(?<![A-Za-z0-9_.,-])\d+(?:[.,]\d+)*[%kKMBT]?(?![A-Za-z0-9_])", re.ASCII)
_PAIRS = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True)
class Marked:
    """A text as it goes to the engine, and the masks in it, in order."""

    text: str
    masks: tuple[str, ...]


@dataclass(frozen=True)
class Restored:
    """What the engine's answer says, and what it did to the masks: `damage` is empty where all came back."""

    text: str
    damage: tuple[str, ...] = ()


@dataclass(frozen=True)
class Masking:
    """A way of hiding masks from an engine, and of finding them again in its answer."""

    name: str
    mark: Callable[[str], Marked]
    restore: Callable[[str, tuple[str, ...]], Restored]


def protected(text: str) -> tuple[tuple[int, int], ...]:
    """Where in `text` its masks stand: start and end of each, in order, none overlapping another."""
    return tuple((start, end) for start, end, _ in _masks(text))


def addresses(text: str) -> tuple[str, ...]:
    """The URLs and e-mail addresses in `text`, in order."""
    return tuple(text[start:end] for start, end, kind in _masks(text) if kind in ("url", "email"))


def with_addresses_apart(text: str) -> str:
    """`text` with a space after each address that a letter follows directly, as a Korean particle does.

    What makes links of addresses in plain text takes such a letter for a part of the address.

    >>> with_addresses_apart("코드는 https://a.io/b에서 받습니다.")
    '코드는 https://a.io/b 에서 받습니다.'
    """
    ends = [end for _, end, kind in _masks(text) if kind in ("url", "email") and text[end : end + 1].isalpha()]
    return " ".join(text[start:end] for start, end in pairwise([0, *ends, len(text)]))


def _masks(text: str) -> Iterator[tuple[int, int, str]]:
    if not _ANY_SIGN.search(text):
        return
    position = 0
    while match := _MASK.search(text, position):
        start, kind = match.start(), match.lastgroup or ""
        end = start + len(_without_closing(match.group(), ".,;:!?'*&" if kind == "url" else ""))
        if start < end:
            yield start, end, kind
        position = max(end, start + 1)


def segments(text: str) -> Iterator[tuple[str, bool]]:
    """`text` cut at its masks: each part, and whether it is a mask. Joined they are `text` again."""
    position = 0
    for start, end in protected(text):
        if position < start:
            yield text[position:start], False
        yield text[start:end], True
        position = end
    if position < len(text):
        yield text[position:], False


def _without_closing(text: str, punctuation: str) -> str:
    """`text` without what belongs to the sentence around it: `punctuation`, and brackets that it did not open."""
    while text:
        last = text[-1]
        opener = _PAIRS.get(last)
        if last in punctuation or (opener and text.count(opener) < text.count(last)):
            text = text[:-1]
        else:
            break
    return text


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)


_SPAN = re.compile(r"<\s*span\s+translate\s*=\s*[\"“”']?no[\"“”']?\s*>(.*?)<\s*/\s*span\s*>", re.IGNORECASE | re.DOTALL)


def _mark_spans(text: str) -> Marked:
    return _with_spans(tuple(segments(text)))


def _mark_spans_and_numbers(text: str) -> Marked:
    parts: list[tuple[str, bool]] = []
    for part, masked in segments(text):
        position = 0
        for number in () if masked else _NUMBER.finditer(part):
            parts += [(part[position : number.start()], False), (number.group(), True)]
            position = number.end()
        parts.append((part[position:], masked))
    return _with_spans(parts)


def _with_spans(parts: Sequence[tuple[str, bool]]) -> Marked:
    return Marked(
        "".join(
            f'<span translate="no">{_escaped(part)}</span>' if masked else _escaped(part) for part, masked in parts
        ),
        tuple(part for part, masked in parts if masked),
    )


def _restore_spans(answer: str, masks: tuple[str, ...]) -> Restored:
    pieces: list[str] = []
    found: list[str] = []
    for index, part in enumerate(_SPAN.split(answer)):
        if index % 2 == 0:
            pieces.append(html.unescape(part))
            continue
        # Engines set spaces inside a span; no mask begins or ends with one.
        mask = html.unescape(part).strip()
        found.append(mask)
        pieces.append(mask)
    return Restored("".join(pieces), _difference(masks, found))


_WORD = re.compile(r"PH ?(\d+)", re.ASCII | re.IGNORECASE)
"""A placeholder as Bergamot models copy it. Letters may touch it on both sides: a Korean particle, a glued word."""


def _mark_words(text: str) -> Marked:
    masks: list[str] = []

    def hidden(mask: str) -> str:
        masks.append(mask)
        return f"PH{len(masks)}"

    # A word of the text that looks like a placeholder is hidden behind one, so that it comes back as it was.
    marked = "".join(
        hidden(part) if masked else _WORD.sub(lambda match: hidden(match.group()), _escaped(part))
        for part, masked in segments(text)
    )
    return Marked(marked, tuple(masks))


def _restore_words(answer: str, masks: tuple[str, ...]) -> Restored:
    found: list[str] = []

    def put_back(match: re.Match[str]) -> str:
        number = int(match[1])
        if not 1 <= number <= len(masks):
            return match.group()
        found.append(masks[number - 1])
        return masks[number - 1]

    pieces = _WORD.sub(put_back, html.unescape(answer))
    return Restored(pieces, _difference(masks, found))


def _mark_nothing(text: str) -> Marked:
    return Marked(_escaped(text), tuple(part for part, masked in segments(text) if masked))


def _restore_nothing(answer: str, masks: tuple[str, ...]) -> Restored:
    text = html.unescape(answer)
    lost = (mask for mask, count in Counter(masks).items() if text.count(mask) < count)
    return Restored(text, tuple(f"lost {mask!r}" for mask in lost))


def _difference(masks: tuple[str, ...], found: list[str]) -> tuple[str, ...]:
    expected, came = Counter(masks), Counter(found)
    lost = (f"lost {mask!r}" for mask in (expected - came).elements())
    extra = (f"unexpected {mask!r}" for mask in (came - expected).elements())
    return (*lost, *extra)


SPANS = Masking("spans", _mark_spans, _restore_spans)
SPANS_AND_NUMBERS = Masking("spans and numbers", _mark_spans_and_numbers, _restore_spans)
WORDS = Masking("words", _mark_words, _restore_words)
NONE = Masking("unmasked", _mark_nothing, _restore_nothing)
