"""From an English title and abstract to a translation that passed the judge, or to a failure that says why not.

Mask, ask, restore, judge. Title and abstract travel in one call, the title as the first paragraph. Then comes
the appeal: single sentences are repaired (`repair`), a second engine is asked if there is one, and what is refused in
the end stays in English in its place. The door has the last word. A paper is not lost for a sentence.

The summary that another AI wrote of the paper travels in the same call, as the last paragraph. It is a courtesy:
whatever is wrong with it, or doubtful, it is left out, and no paper fails or waits for its sake.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import groupby
from typing import TypeVar

from shared.doubts import Doubt, Kept
from shared.engines.protocol import MOST_BYTES, Complaint
from shared.errors import TranslationError
from shared.failures import EMPTY_TEXT, REFUSED_BY_JUDGE, FailureClass, known_failure
from shared.languages.glossary import load_glossary
from shared.languages.table import Language
from shared.text.clean import NOTHING, Cleaned
from shared.text.finding import Finding, Verdict, refused
from shared.text.mask import NONE, SPANS, WORDS, Masking
from shared.translation.ask import (
    LEAST_MOST,
    MOST_OF_LENGTH,
    REPAIR,
    Account,
    Answers,
    Asked,
    Chunk,
    Part,
    Request,
    ask,
    requests,
)
from shared.translation.door import Accepted, Refused, accept
from shared.translation.draft import Draft, Examined, Stretch, draft_of, examine
from shared.translation.judge import MOST_CHARACTERS
from shared.translation.repair import better, keep, repair
from shared.translation.styling import finish

_Piece = TypeVar("_Piece")

TITLE, ABSTRACT, SUMMARY = "title", "abstract", "summary"


@dataclass(frozen=True)
class Engines:
    """Who is asked: the first engine, and the second, which gets what the first could not do.

    `on_doubts` asks the second also for what is only doubtful. After `last`, what an engine cannot do now it will not
    do later either: the paper goes on without it.
    """

    first: Asked
    second: Asked | None = None
    on_doubts: bool = False
    last: bool = False


@dataclass(frozen=True)
class Translation:
    """A translation that passed the judge.

    `title` is one line; `text` has one sentence a line and an empty line between paragraphs. Each is "" where it was
    not asked for, and `title` also where every form of it was refused: a note says so, and the original stands alone.
    So is `summary`, one line too.
    `characters` counts all that was sent, markup and prompts included. `notes` are the judge's doubts, `doubts` and
    `kept` what of them concerns sentences of the text, and `engines` those that wrote it. It `stopped` early where an
    engine could not be asked any more.
    """

    title: str
    text: str
    characters: int
    notes: tuple[str, ...]
    terminologies: tuple[str, ...]
    doubts: tuple[Doubt, ...] = ()
    kept: tuple[Kept, ...] = ()
    engines: tuple[str, ...] = ()
    stopped: bool = False
    summary: str = ""


def translate(
    title: Cleaned,
    abstract: Cleaned,
    target: Language,
    engines: Engines,
    answers: Answers,
    summary: Cleaned = NOTHING,
) -> Translation:
    """The translation of `title`, `abstract` and `summary` into `target`; any may be "".

    One engine call in the normal case. `answers` holds what was paid for before, and gets what is paid for now. Raises
    TranslationError: the engine's own, or a permanent one with the code `RefusedByGate` (too little of the abstract
    could be translated), `TextSizeLimitExceededException` or `EmptyText`.
    """
    named = {TITLE: title, ABSTRACT: abstract, SUMMARY: summary}
    sources = {name: source for name, source in named.items() if source}
    if not sources:
        raise TranslationError(known_failure(EMPTY_TEXT))
    length = sum(map(len, sources.values()))
    if (needed := length - len(sources.get(SUMMARY, ""))) > MOST_CHARACTERS:
        too_long = refused("length", f"{needed:,} characters are more than any abstract has")
        raise TranslationError(known_failure(REFUSED_BY_JUDGE, rules=too_long))
    appeal = _Appeal(sources, target, engines, Account(max(MOST_OF_LENGTH * length, LEAST_MOST), answers))
    first = appeal.ask_first()
    appeal.repair()
    if engines.second is not None:
        appeal.ask_second(engines.second)
    return appeal.closed(first)


@dataclass
class _Appeal:
    """One paper's way from the first answer to what stands; `drafts` is where its pieces are on it."""

    sources: dict[str, Cleaned]
    target: Language
    engines: Engines
    account: Account
    drafts: dict[str, Draft] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    stopped: bool = False

    def ask_first(self) -> dict[str, Examined]:
        """Ask the first engine for everything, and say what was found in its answer.

        What cannot be asked for with the summary is asked for without it.
        """
        try:
            if SUMMARY in self.sources and not self._affords(self.engines.first, self.sources, SPANS):
                raise _too_dear()
            return self._ask_first()
        except TranslationError as error:
            if SUMMARY not in self.sources or error.failure.kind is not FailureClass.PERMANENT:
                raise
            self._leave_out_summary(error)
        return self._ask_first() if self.sources else {}

    def _ask_first(self) -> dict[str, Examined]:
        """Ask the first engine for all sources.

        Where its paragraphs are not those sent, each is asked for on its own. Where nothing can be blamed on a
        sentence, and nobody else can be asked, the engine gets it once more in another form.
        """
        first = self.engines.first
        masking = next((form for form in (SPANS, WORDS, NONE) if self._affords(first, self.sources, form)), None)
        if masking is None:
            raise _too_dear()
        parts = self._asked(first, self.sources, masking)
        torn = {part.chunk.piece: self.sources[part.chunk.piece] for part in parts if part.damage}
        if torn and self._affords(first, torn, masking, together=False):
            parts = [part for part in parts if part.chunk.piece not in torn]
            parts += self._asked(first, torn, masking, together=False)
        damage: dict[str, list[Finding]] = {}
        for part in parts:
            damage.setdefault(part.chunk.piece, []).extend(part.damage)
        for piece in self.sources:
            self.drafts[piece] = self._draft(piece, parts)
        found = {piece: self._examined(piece) for piece in self.sources}
        lost = self._refused_whole()
        if lost and self.engines.second is None and self._affords(first, lost, WORDS, together=False):
            parts = self._asked(first, lost, WORDS, together=False)
            for piece in lost:
                self._take_whole(piece, self._draft(piece, parts))
        return {piece: replace(found[piece], whole=(*damage.get(piece, ()), *found[piece].whole)) for piece in found}

    def repair(self) -> None:
        """Have the first engine mend what findings point at."""
        used = self.account.used
        for piece, draft in self.drafts.items():
            found = self._examined(piece)
            if found.by_place and not (found.refused_whole and self.engines.second):
                self.drafts[piece] = repair(draft, self.target, partial(self._ask_again, piece, used))

    def ask_second(self, second: Asked) -> None:
        """Have the second engine do what the first could not: whole pieces, then single sentences; no summary."""
        try:
            lost = self._refused_whole()
            if lost and self._affords(second, lost, SPANS):
                parts = self._asked(second, lost, SPANS)
                for piece in lost:
                    self._take_whole(piece, self._draft(piece, parts, second=True))
            self._ask_for_sentences(second)
        except TranslationError as error:
            self._go_on_without(error)

    def closed(self, first: Mapping[str, Examined]) -> Translation:
        """What stands in the end, given what was found at `first`. Raises TranslationError where that is too little."""
        accepted = {piece: self._accepted(piece) for piece in self.sources}
        abstract = accepted.get(ABSTRACT)
        if isinstance(abstract, Refused):
            rules = Refused((*first[ABSTRACT].findings, *abstract.findings))
            raise TranslationError(known_failure(REFUSED_BY_JUDGE, rules=rules))
        passed = {piece: answer for piece, answer in accepted.items() if isinstance(answer, Accepted)}
        notes = [f"{piece}: {finding}" for piece, answer in passed.items() for finding in answer.findings]
        for piece, instead in ((TITLE, "left in English"), (SUMMARY, "left out")):
            if isinstance(answer := accepted.get(piece), Refused):
                rules = Refused((*first[piece].findings, *answer.findings))
                notes.append(f"{piece}: {instead}, the judge refused every form tried: {rules}")
        title, summary = (" ".join(passed[piece].text.split()) if piece in passed else "" for piece in (TITLE, SUMMARY))
        return Translation(
            title=title,
            text=abstract.text if abstract else "",
            characters=self.account.spent,
            notes=(*notes, *self.notes),
            terminologies=tuple(self.account.terminologies),
            doubts=abstract.doubts if abstract else (),
            kept=abstract.kept if abstract else (),
            engines=tuple(
                dict.fromkeys(
                    name for piece in (ABSTRACT, TITLE, SUMMARY) if piece in passed for name in self._by(piece)
                )
            ),
            stopped=self.stopped,
            summary=summary,
        )

    def _ask_again(self, piece: str, used: int, stretch: Stretch, masking: Masking) -> list[list[str]] | None:
        """The first engine's lines for a stretch, asked on its own; None where that is no use, or costs too much."""
        first = self.engines.first
        chunks = [Chunk.of(piece, 0, sentence, masking) for sentence in stretch.source]
        fresh = [chunk.text for chunk in chunks if not self.account.has_used(first, chunk.text)]
        cost = sum(len(text) + first.prompt(text, ()) for text in fresh)
        spent = self.account.used - used
        if not fresh or self.stopped or any(len(text.encode()) > MOST_BYTES for text in fresh):
            return None
        if spent + cost > REPAIR * self.account.most or not self.account.affords(first, fresh):
            return None
        try:
            parts = [self._part(first, chunk) for chunk in chunks]
        except TranslationError as error:
            self._go_on_without(error, waits=piece != SUMMARY)
            return None
        return [self._lines(part, sentence) for part, sentence in zip(parts, stretch.source, strict=True)]

    def _ask_for_sentences(self, second: Asked) -> None:
        """Tell the second engine which sentences could not stand, and why, and take those it does better."""
        wanted: list[tuple[str, int, tuple[Chunk, ...]]] = []
        complaints: list[Complaint] = []
        for piece, draft in _needed(self.drafts).items():
            for place, findings in sorted(self._examined(piece).by_place.items()):
                stretch = draft.stretches[place]
                told = [finding for finding in findings if finding.refuses or self.engines.on_doubts]
                if not told or not stretch.source:
                    continue
                chunks = tuple(Chunk.of(piece, 0, sentence, SPANS) for sentence in stretch.source)
                why = Complaint(" ".join(stretch.source), " ".join(stretch.lines), "; ".join(map(str, told)))
                request = Request((*(chunk for _, _, held in wanted for chunk in held), *chunks))
                fits = len(request.text.encode()) <= MOST_BYTES
                if fits and self.account.affords(second, [request.text], [*complaints, why]):
                    wanted.append((piece, place, chunks))
                    complaints.append(why)
        if not wanted:
            return
        request = Request(tuple(chunk for _, _, chunks in wanted for chunk in chunks))
        parts = iter(ask(self.account, second, request, complaints, self.target))
        for piece, place, chunks in wanted:
            sentences = self.drafts[piece].stretches[place].source
            answered = [self._lines(next(parts), sentence) for sentence in sentences[: len(chunks)]]
            lines = [line for answer in answered for line in answer]
            if lines:
                self.drafts[piece] = better(self.drafts[piece], place, lines, self.target, second=True)

    def _accepted(self, piece: str) -> Accepted | Refused:
        """What the door says of a piece as it stands; an abstract's refused sentences stay in English."""
        source, draft = self.sources[piece], self.drafts[piece]
        if piece != ABSTRACT:
            findings = self._examined(piece).findings
            if piece == SUMMARY:
                # It is shown where no mark can stand: a doubt refuses it.
                findings = tuple(replace(finding, verdict=Verdict.REFUSED) for finding in findings)
            refusals = tuple(finding for finding in findings if finding.refuses)
            return Refused(refusals) if refusals else accept(source, draft.text, self.target)
        draft = self.drafts[piece] = keep(draft, self.target)
        kept = draft.kept
        glossed = load_glossary(self.target).gloss_first_mentions(source, draft.text)
        return accept(source, _with_english(glossed, draft.text, kept), self.target, kept=kept)

    def _by(self, piece: str) -> Iterator[str]:
        """The names of the engines that wrote a piece."""
        written = {stretch.second for stretch in self.drafts[piece].stretches if stretch.lines and not stretch.kept}
        if False in written:
            yield self.engines.first.name
        if True in written and self.engines.second:
            yield self.engines.second.name

    def _draft(self, piece: str, parts: Sequence[Part], *, second: bool = False) -> Draft:
        own = [part for part in parts if part.chunk.piece == piece]
        paragraphs = groupby(own, key=lambda part: part.chunk.paragraph)
        source = self.sources[piece]
        text = finish([" ".join(part.text for part in group) for _, group in paragraphs], source, self.target)
        return draft_of(source, text, self.target, second=second)

    def _take_whole(self, piece: str, other: Draft) -> None:
        """Take another draft of a piece where it has fewer findings."""
        if examine(other, self.target).weight() < self._examined(piece).weight():
            self.drafts[piece] = other

    def _examined(self, piece: str) -> Examined:
        return examine(self.drafts[piece], self.target)

    def _affords(self, asked: Asked, sources: Mapping[str, str], masking: Masking, *, together: bool = True) -> bool:
        return self.account.affords(asked, [request.text for request in requests(sources, masking, together=together)])

    def _asked(
        self, asked: Asked, sources: Mapping[str, str], masking: Masking, *, together: bool = True
    ) -> list[Part]:
        parts: list[Part] = []
        for request in requests(sources, masking, together=together):
            try:
                parts += ask(self.account, asked, request, (), self.target)
            except TranslationError as error:
                if any(chunk.piece != SUMMARY for chunk in request.chunks):
                    raise
                self._leave_out_summary(error)
        return parts

    def _lines(self, part: Part, sentence: str) -> list[str]:
        return [line for line in finish([part.text], sentence, self.target).split("\n") if line]

    def _part(self, asked: Asked, chunk: Chunk) -> Part:
        return ask(self.account, asked, Request((chunk,)), (), self.target)[0]

    def _refused_whole(self) -> dict[str, str]:
        """The sources of which nothing stands, and that are worth another try: not the summary."""
        return {piece: source for piece, source in _needed(self.sources).items() if self._examined(piece).refused_whole}

    def _leave_out_summary(self, error: TranslationError) -> None:
        del self.sources[SUMMARY]
        self.drafts.pop(SUMMARY, None)
        self.notes.append(f"summary: left out: {error}")

    def _go_on_without(self, error: TranslationError, *, waits: bool = True) -> None:
        """Ask no more, unless the paper `waits` and the same may succeed later."""
        if waits and error.failure.kind is FailureClass.TRANSIENT and not self.engines.last:
            raise error
        self.stopped = True
        self.notes.append(f"appeal: {error}")


def _needed(pieces: Mapping[str, _Piece]) -> dict[str, _Piece]:
    """The pieces that a paper needs: all but the summary."""
    return {piece: value for piece, value in pieces.items() if piece != SUMMARY}


def _too_dear() -> TranslationError:
    price = refused("price", "asking for it costs more than a paper may")
    return TranslationError(known_failure(REFUSED_BY_JUDGE, rules=price))


def _with_english(glossed: str, text: str, kept: Sequence[Kept]) -> str:
    """`glossed`, in which the lines that are kept are as in `text`."""
    lines, others = glossed.split("\n"), text.split("\n")
    numbers = {mark.sentence for mark in kept}
    written = [place for place, line in enumerate(others) if line.strip()]
    for number in numbers:
        lines[written[number]] = others[written[number]]
    return "\n".join(lines)
