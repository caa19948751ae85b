"""Style: what a reader of the language stumbles over, and a rule can mend without understanding the sentence.

In every language: composed Unicode, no invisible characters, no bracket opened at the very end, the glossary's terms.
What else there is to mend in a language is in its pack.
"""

import re
import unicodedata
from collections.abc import Sequence
from itertools import groupby

from shared.languages.glossary import load_glossary
from shared.languages.table import Language
from shared.text.sentences import split


def compose(text: str) -> str:
    """`text` in composed Unicode (NFC) without invisible characters: the form in which masks are looked for."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFC", text))


def said(text: str) -> str:
    """What `text` says: equal for two texts that differ in nothing but white space and the form of their Unicode.

    >>> said("We  train\\nagents.\\u2028They act.")
    'We train agents. They act.'
    """
    return " ".join(unicodedata.normalize("NFC", compose(text)).split())


def one_sentence_a_line(text: str, target: Language) -> str:
    """`text` with each sentence on a line of its own, an empty line between paragraphs, whatever the line ends were.

    >>> from shared.languages.table import find_language
    >>> one_sentence_a_line("학습합니다. 평가합니다.", find_language("ko"))
    '학습합니다.\\n평가합니다.'
    """
    lines = [" ".join(line.split()) for line in text.replace("\u2029", "\n\n").splitlines()]
    paragraphs = (group for filled, group in groupby(lines, key=bool) if filled)
    return "\n\n".join(
        "\n".join(sentence for line in lines for sentence in split(line, target.sentence_ends)) for lines in paragraphs
    )


def finish(paragraphs: Sequence[str], source: str, target: Language) -> str:
    """A translation of the cleaned `source`, one sentence a line, an empty line between paragraphs."""
    pack = target.pack
    lines = (
        map(pack.phrase, split(pack.polish(_without_open_end(paragraph)), target.sentence_ends))
        for paragraph in paragraphs
    )
    text = load_glossary(target).correct_terms(source, "\n\n".join(map("\n".join, lines)))
    return pack.agree(text, ())


_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")


def _without_open_end(paragraph: str) -> str:
    """`paragraph` without a bracket that was opened at its very end."""
    text = paragraph.rstrip()
    return text[:-1].rstrip() if text.endswith(("(", "[", "{")) else paragraph
