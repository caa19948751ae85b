"""What the gate knows of each language: its scripts, its most frequent words, and how long its translations are.

Korean and Portuguese were measured (`make eval`); the bounds of the others are wide, for want of a corpus to set them
by: they refuse half a text and a text in another language, and leave the rest to the rules that need no profile.
"""

import re
from dataclasses import dataclass

_LATIN = r"A-Za-zÀ-ɏḀ-ỿ"
_HAN = r"\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_KANA = r"\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f"
_HANGUL = r"\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"
_CYRILLIC = r"\u0400-\u052f"
_DEVANAGARI = r"\u0900-\u097f"
_THAI = r"\u0e00-\u0e7f"
_ALWAYS_ALLOWED = rf"{_LATIN}\u0370-\u03ff\u2100-\u214f\U0001d400-\U0001d7ff"
"""Latin names, Greek and mathematical letters stand in a paper's abstract in any language."""


@dataclass(frozen=True)
class Profile:
    """One language. `script` and `foreign` match single letters, of its own scripts and of those it never uses.

    `shortest` and `longest` bound a translation's length as a share of its English source, both in characters.
    `common` are frequent words that English has not; only languages written in Latin letters need them.
    """

    script: re.Pattern[str]
    foreign: re.Pattern[str]
    shortest: float
    longest: float
    common: frozenset[str] = frozenset()

    @property
    def latin(self) -> bool:
        """Whether the language is written in the letters of its English source."""
        return bool(self.common)


def _profile(script: str, shortest: float, longest: float, common: str = "") -> Profile:
    return Profile(
        script=re.compile(f"[{script}]"),
        foreign=re.compile(rf"(?![{script}{_ALWAYS_ALLOWED}])[^\W\d_]"),
        shortest=shortest,
        longest=longest,
        common=_words(common),
    )


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PROFILES = {
    "de": _profile(_LATIN, 0.75, 1.7, "der die das und ist von den mit für auf dem des ein eine zu im sich nicht wir"),
    "es": _profile(_LATIN, 0.75, 1.7, "de la el que en y los del las un una por con para se es su al lo como más"),
    "fr": _profile(_LATIN, 0.75, 1.7, "de la le les et des en un une du que dans pour par sur est qui au avec nous ce"),
    "hi": _profile(_DEVANAGARI, 0.6, 1.7),
    "id": _profile(
        _LATIN, 0.75, 1.7, "yang dan di dengan untuk dari ini pada dalam tidak kami adalah atau oleh ke itu"
    ),
    "it": _profile(_LATIN, 0.75, 1.7, "di che la il e un una per del in le dei con si è della nel gli al da più come"),
    "ja": _profile(_KANA + _HAN, 0.25, 0.9),
    "ko": _profile(_HANGUL, 0.36, 0.85),
    "nl": _profile(
        _LATIN, 0.75, 1.7, "de het een van en dat op te met voor zijn die wij niet aan er om ook door wordt"
    ),
    "pl": _profile(_LATIN, 0.75, 1.7, "w i na z do że się nie jest to oraz dla przez od po jako który które są za tym"),
    "pt": _profile(_LATIN, 0.75, 1.6, "de que e o a os as do da em um uma para com por não se dos das no na é ao mais"),
    "ru": _profile(_CYRILLIC, 0.7, 1.7),
    "th": _profile(_THAI, 0.5, 1.5),
    "tr": _profile(_LATIN, 0.7, 1.6, "ve bir bu için ile olarak de da daha olan gibi çok en ancak ya her kadar biz"),
    "uk": _profile(_CYRILLIC, 0.7, 1.7),
    "vi": _profile(
        _LATIN, 0.7, 1.7, "và của các là một trong cho có với được những này không để từ đến trên chúng tôi"
    ),
    "zh": _profile(_HAN, 0.18, 0.7),
}
"""By the codes of `shared.languages.table`."""

ENGLISH = _words("the of and to is that in for with are this by we on as which from these our it be an its")
"""Frequent words of the source language: many of them in a translation are English left standing."""
