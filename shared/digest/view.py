"""What every rendering for readers shows of a digest, in the words of its language: no markup yet."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import chain, count
from typing import Literal

from shared.digest.model import Digest, DigestPaper, Failed, Pending, Translated
from shared.doubts import MISSING, Doubt, Kept, marks
from shared.failures import NETWORK_CODE, reason_of
from shared.languages.strings import Strings, strings
from shared.ledger.records import PERSON
from shared.periods import PeriodKind, parse_period
from shared.text.clean import clean_abstract, clean_title
from shared.text.display import one_line, readable, sentences
from shared.text.sentences import ENGLISH, split

ORIGINAL_LANGUAGE = "en"
"""The language of the source."""
_ENGINES = {"amazon-translate": "Amazon Translate", "firefox-translations": "Firefox Translations"}
_MODELS = {"bedrock": "Amazon Bedrock ({model})", "chat": "{model}"}
"""How readers know engines of which one of many models is asked; its name stands after the colon."""

_LONGEST_DESCRIPTION = 300
"""Characters: search engines and messengers show half of that at most."""

Paragraphs = tuple[tuple[str, ...], ...]
"""Paragraphs, each as its sentences."""


@dataclass(frozen=True, eq=False)
class View:
    """A digest as its readers see it; texts are not escaped. It is made once, and every rendering is made from it.

    `heading` names the period ("2025년 37주 차"), `kind` the list it is of; `dates` is "" where the heading says it.
    `state` is the state in a few words; `missing` says what is missing, or is ""; `marked` says how many sentences are
    doubtful or kept in English, or is ""; `translator` is "" where nothing is translated; `summaries` says who wrote
    the one-line summaries, or is "" where no paper has one. `time` is when it was last `updated`, for machines.
    """

    digest: Digest
    words: Strings
    heading: str
    kind: str
    dates: str
    state: str
    missing: str
    marked: str
    translator: str
    summaries: str
    updated: str
    time: str
    papers: tuple["PaperView", ...]

    @property
    def title(self) -> str:
        """The digest's name on one line."""
        return f"{self.heading} · {self.kind}"

    @property
    def description(self) -> str:
        """What the first papers are about, for whoever shows a link to the digest."""
        said = " · ".join(paper.summary or paper.title for paper in self.papers[:3])
        return said if len(said) <= _LONGEST_DESCRIPTION else said[: _LONGEST_DESCRIPTION - 1] + "…"


@dataclass(frozen=True)
class Sentence:
    """A sentence of a translation as its readers see it.

    `mark` says whether it is doubtful, or kept in English because nothing could translate it, or whether one beside it
    seems to be lacking, and `note` says the same in the readers' words. `original` is the English of a doubtful one, or
    of the lacking one, "" where that is not known.
    """

    text: str
    mark: Literal["", "doubtful", "lacking", "kept"] = ""
    note: str = ""
    original: str = ""


@dataclass(frozen=True)
class PaperView:
    """A paper as its readers see it.

    `title` is the translated title, in `title_language`, or the original one where there is none; then
    `original_title` is "". `translation` is empty where there is none; then `missing` says why. `links` are pairs of an
    address and its name. `summary` is one line in the digest's language, "" where there is none; `original_summary` is
    what it translates. `stars` is None where no code is linked.
    """

    paper: DigestPaper
    title: str
    title_language: str
    original_title: str
    authors: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    translation: tuple[tuple[Sentence, ...], ...]
    missing: str
    original: Paragraphs
    keywords: tuple[str, ...]
    summary: str
    original_summary: str
    stars: int | None


def view(digest: Digest) -> View:
    """The digest in the words of its language."""
    words = strings(digest.language)
    expected = len(digest.papers)
    missing = ""
    if untranslated := expected - digest.translated:
        missing = words("missing" if digest.translated else "missing_all", missing=untranslated, count=expected)
    papers = tuple(_paper(paper, digest.language, words) for paper in digest.papers)
    return View(
        digest=digest,
        words=words,
        heading=heading(digest.run, digest.period, words),
        kind=words(f"kind_{parse_period(digest.period).kind if digest.period else 'sample'}"),
        dates=dates(digest.period, words),
        state=state(digest.translated, expected, words),
        missing=missing,
        marked=_marked(papers, words),
        translator=_translator(digest, words),
        summaries=words("summaries") if any(paper.summary for paper in papers) else "",
        updated=words("updated", date=_date(datetime.fromisoformat(digest.updated), words)),
        time=utc(digest.updated),
        papers=papers,
    )


def heading(run: str, period: str, words: Strings) -> str:
    """How readers call a run of a period; a run beside the period's own one holds a healed file, "" is the sample's."""
    if not period:
        return words("sample_heading")
    name = _period_name(period, words)
    return name if run == period else words("healed", heading=name)


def dates(period: str, words: Strings) -> str:
    """The first and the last day of a week; "" where the heading says it all."""
    if not period or (parsed := parse_period(period)).kind is not PeriodKind.WEEK:
        return ""
    first, last = parsed.first, parsed.after - timedelta(days=1)
    if first.year != last.year:
        return words("range", first=_date(first, words), last=_date(last, words))
    return words(
        "range_within_year",
        year=first.year,
        first_month=words.months[first.month - 1],
        first_day=first.day,
        last_month=words.months[last.month - 1],
        last_day=last.day,
    )


def state(translated: int, count: int, words: Strings) -> str:
    """How much of a digest is translated, in a few words."""
    if translated == count:
        return words("state_complete")
    return words("state_partial" if translated else "state_none", translated=translated, count=count)


def utc(time: str) -> str:
    """An ISO 8601 time as RFC 3339 in UTC and whole seconds: HTML takes no more than three decimals of a second
    (https://html.spec.whatwg.org/multipage/common-microsyntaxes.html#times)."""
    return f"{datetime.fromisoformat(time).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _period_name(period: str, words: Strings) -> str:
    parsed = parse_period(period)
    if parsed.kind is PeriodKind.WEEK:
        year, week, _ = parsed.first.isocalendar()
        return words("week", year=year, week=week)
    if parsed.kind is PeriodKind.MONTH:
        return words("month", year=parsed.first.year, month=words.months[parsed.first.month - 1])
    return _date(parsed.first, words)


def _date(day: date, words: Strings) -> str:
    return words("date", year=day.year, month=words.months[day.month - 1], day=day.day)


def _translator(digest: Digest, words: Strings) -> str:
    machines = ", ".join(_engine(engine) for engine in digest.engines if engine != PERSON)
    if not machines:
        return words("person") if digest.engines else ""
    return words("mixed" if PERSON in digest.engines else "machine", engine=machines)


def _engine(engine: str) -> str:
    """An engine as readers know it, with its version, which stands after a slash, or the model that it ran."""
    kind, _, model = one_line(engine).partition(":")
    if model and kind in _MODELS:
        return _MODELS[kind].format(model=model)
    name, _, version = one_line(engine).partition("/")
    return f"{_ENGINES.get(name, name)} ({version})" if version else _ENGINES.get(name, name)


def _paper(paper: DigestPaper, language: str, words: Strings) -> PaperView:
    translation = paper.translation
    original_title = readable(clean_title(paper.title))
    title, title_language = _title(translation, original_title, language, words)
    summary = readable(one_line(translation.summary)) if isinstance(translation, Translated) else ""
    addresses = (
        ("page", paper.links.page),
        ("arxiv", paper.links.arxiv),
        ("pdf", paper.links.pdf),
        ("code", paper.links.code),
        ("project", paper.links.project),
    )
    return PaperView(
        paper=paper,
        title=title,
        title_language=title_language,
        original_title="" if title == original_title else original_title,
        authors=tuple(name for author in paper.authors if (name := one_line(author))),
        links=tuple((address, words(f"link_{name}")) for name, address in addresses if address),
        translation=_translation(translation, words) if isinstance(translation, Translated) else (),
        missing="" if isinstance(translation, Translated) else _missing(translation, words),
        original=_original(paper.abstract),
        keywords=tuple(word for keyword in paper.keywords if (word := one_line(keyword))),
        summary=summary,
        original_summary=readable(clean_title(paper.summary)) if summary else "",
        stars=paper.stars if paper.links.code else None,
    )


def _title(
    translation: Translated | Failed | Pending, original_title: str, language: str, words: Strings
) -> tuple[str, str]:
    """The translated title where there is one, else the original one, and the language that it is in."""
    if isinstance(translation, Translated) and (title := readable(one_line(translation.title))):
        return title, language
    return (original_title, ORIGINAL_LANGUAGE) if original_title else (words("no_title"), words.language)


def _translation(translation: Translated, words: Strings) -> tuple[tuple[Sentence, ...], ...]:
    marked, number = marks(translation.doubts, translation.kept), count()
    return tuple(
        tuple(_sentence(readable(sentence), marked.get(next(number)), words) for sentence in paragraph)
        for paragraph in sentences(translation.text)
    )


def _sentence(text: str, mark: Doubt | Kept | None, words: Strings) -> Sentence:
    match mark:
        case Kept():
            return Sentence(text, "kept", words("kept"))
        case Doubt(rule=rule, original=original):
            kind: Literal["lacking", "doubtful"] = "lacking" if rule == MISSING else "doubtful"
            return Sentence(text, kind, words(kind), readable(one_line(original)))
    return Sentence(text)


def _marked(papers: Iterable[PaperView], words: Strings) -> str:
    found = Counter(sentence.mark for paper in papers for sentence in chain(*paper.translation))
    found["doubtful"] += found["lacking"]
    return " · ".join(words(f"{mark}_count", count=found[mark]) for mark in ("doubtful", "kept") if found[mark])


def _original(abstract: str) -> Paragraphs:
    paragraphs = clean_abstract(abstract).split("\n\n")
    return _readable(tuple(split(paragraph, ENGLISH) for paragraph in paragraphs if paragraph))


def _readable(paragraphs: Paragraphs) -> Paragraphs:
    return tuple(tuple(readable(sentence) for sentence in paragraph) for paragraph in paragraphs)


def _missing(translation: Failed | Pending, words: Strings) -> str:
    if isinstance(translation, Pending):
        return words("pending")
    if translation.code == NETWORK_CODE:
        return words("network", attempts=translation.attempts)
    return words(f"failed_{reason_of(translation.code)}")
