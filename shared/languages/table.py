"""The languages a digest can be in: those Amazon Translate knows, by its codes.

Source: https://docs.aws.amazon.com/translate/latest/dg/what-is-languages.html; formality:
https://docs.aws.amazon.com/translate/latest/dg/customizing-translations-formality.html.

A language with nothing special is a row here. One with more has a folder beside this file: `strings.json` (the words
around the papers), `glossary.csv`, `sample.json` (the sample week), and a `PACK` where it has rules of its own.

The profiles of Korean and Portuguese were measured (`make eval`); the bounds of the others are wide, for want of a
corpus to set them by: they refuse half a text and a text in another language, and leave the rest to the other rules.
"""

from dataclasses import dataclass
from functools import cached_property
from importlib import import_module

from shared.errors import UsageError
from shared.languages.error_words import ErrorWords, says
from shared.languages.pack import PLAIN, Pack
from shared.languages.profile import CYRILLIC, DEVANAGARI, HAN, HANGUL, KANA, LATIN, THAI, Profile, profile
from shared.text.sentences import SentenceEnds


@dataclass(frozen=True, eq=False)
class Language:
    """A target language: Amazon's code, its English name, what is known of its form, and what is its own.

    `formality` says whether Amazon can set it. `ends` is how its sentences end, None for as in English. `said` are the
    wordings of errors in it, and what makes an error of a short text, for `says`. With `has_rules` its folder defines
    `PACK` and `ERRORS`: they are imported when they are asked for, as two of the three functions never do.
    """

    code: str
    name: str
    profile: Profile
    formality: bool = False
    ends: SentenceEnds | None = None
    said: tuple[str, str] | None = None
    has_rules: bool = False

    @cached_property
    def pack(self) -> Pack:
        """What the language does in its own way."""
        pack: Pack = import_module(f"shared.languages.{self.code}").PACK if self.has_rules else PLAIN
        return pack

    @cached_property
    def errors(self) -> ErrorWords | None:
        """What programs and models say in it."""
        if self.has_rules:
            errors: ErrorWords = import_module(f"shared.languages.{self.code}").ERRORS
            return errors
        return says(*self.said) if self.said else None

    @cached_property
    def sentence_ends(self) -> SentenceEnds:
        """How its sentences end."""
        return self.ends or SentenceEnds(self.code)


_LANGUAGES = {
    language.code: language
    for language in (
        Language(
            "de",
            "German",
            profile(LATIN, 0.75, 1.7, "der die das und ist von den mit für auf dem des ein eine zu im sich nicht wir"),
            formality=True,
            said=(
                r"übersetzung(?:sfehler|\sfehlgeschlagen)|fehler\s(?:bei\sder|beim)\sübersetz"
                r"|ein\sfehler\sist\saufgetreten|versuchen\ssie\ses",
                "fehler",
            ),
        ),
        Language(
            "es",
            "Spanish",
            profile(LATIN, 0.75, 1.7, "de la el que en y los del las un una por con para se es su al lo como más"),
            formality=True,
            said=(
                r"error\s(?:al|de|en\sla|durante\sla)\stradu|no\sse\spudo\straducir"
                r"|se\sprodujo\sun\serror|inténtelo|intente\s(?:de\snuevo|nuevamente)",
                "error",
            ),
        ),
        Language(
            "fr",
            "French",
            profile(LATIN, 0.75, 1.7, "de la le les et des en un une du que dans pour par sur est qui au avec nous ce"),
            formality=True,
            said=(
                r"erreur\s(?:de|lors\sde\sla)\straduction|une\serreur\s(?:est|s[\'’]est)"
                r"|veuillez\sréessayer|échec\sde\sla\straduction",
                "erreur",
            ),
        ),
        Language("hi", "Hindi", profile(DEVANAGARI, 0.6, 1.7), formality=True),
        Language(
            "id",
            "Indonesian",
            profile(
                LATIN, 0.75, 1.7, "yang dan di dengan untuk dari ini pada dalam tidak kami adalah atau oleh ke itu"
            ),
        ),
        Language(
            "it",
            "Italian",
            profile(LATIN, 0.75, 1.7, "di che la il e un una per del in le dei con si è della nel gli al da più come"),
            formality=True,
        ),
        Language(
            "ja",
            "Japanese",
            profile(KANA + HAN, 0.25, 0.9),
            formality=True,
            ends=SentenceEnds("ja", spaced=False),
            has_rules=True,
        ),
        Language(
            "ko",
            "Korean",
            profile(HANGUL, 0.36, 0.85),
            formality=True,
            ends=SentenceEnds("ko", sure="[가-힣]다"),
            has_rules=True,
        ),
        Language(
            "nl",
            "Dutch",
            profile(
                LATIN, 0.75, 1.7, "de het een van en dat op te met voor zijn die wij niet aan er om ook door wordt"
            ),
            formality=True,
        ),
        Language(
            "pl",
            "Polish",
            profile(LATIN, 0.75, 1.7, "w i na z do że się nie jest to oraz dla przez od po jako który które są za tym"),
        ),
        Language(
            "pt",
            "Portuguese",
            profile(LATIN, 0.75, 1.6, "de que e o a os as do da em um uma para com por não se dos das no na é ao mais"),
            said=(
                r"erro\s(?:ao|na|de|durante\sa)\stradu|falha\s(?:ao|na)\stradu"
                r"|não\sfoi\spossível\straduzir|(?:ocorreu|houve)\sum\serro|tente\snovamente",
                "erro|falha",
            ),
        ),
        Language(
            "ru",
            "Russian",
            profile(CYRILLIC, 0.7, 1.7),
            said=(r"ошибка\s(?:при\s)?перевода|произошла\sошибка|повторите\sпопытку", "ошибк"),
        ),
        Language("th", "Thai", profile(THAI, 0.5, 1.5), ends=SentenceEnds("th", spaced=False, marked=False)),
        Language(
            "tr",
            "Turkish",
            profile(LATIN, 0.7, 1.6, "ve bir bu için ile olarak de da daha olan gibi çok en ancak ya her kadar biz"),
        ),
        Language(
            "uk",
            "Ukrainian",
            profile(CYRILLIC, 0.7, 1.7),
            said=(r"помилка\sперекладу|сталася\sпомилка", "помилк"),
        ),
        Language(
            "vi",
            "Vietnamese",
            profile(
                LATIN, 0.7, 1.7, "và của các là một trong cho có với được những này không để từ đến trên chúng tôi"
            ),
        ),
        Language(
            "zh",
            "Chinese",
            profile(HAN, 0.18, 0.7),
            ends=SentenceEnds("zh", spaced=False),
            has_rules=True,
        ),
    )
}


def find_language(code: str) -> Language:
    """The language with Amazon's `code`. Raises UsageError, naming the known ones, for any other."""
    try:
        return _LANGUAGES[code]
    except KeyError:
        raise UsageError(f"{code!r} is not a language that chorok knows. Known: {', '.join(_LANGUAGES)}.") from None


def codes() -> tuple[str, ...]:
    """The codes of all languages chorok knows."""
    return tuple(_LANGUAGES)
