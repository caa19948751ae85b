"""The way of one paper, from Hugging Face's page to the digest, with what is there at every step.

The functions run for real, on S3, SQS and SNS in memory; the paper, its translation and the times are made up. So the
page says what the code does, and a test fails where it does not.
"""

import inspect
import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from selectolax.lexbor import LexborHTMLParser

from functions.aggregate import handler as aggregate
from functions.fetch import handler as fetch
from functions.translate import handler as translate
from shared.digest.formats import renderings
from shared.digest.formats.html import render_page
from shared.engines import amazon
from shared.huggingface.page import parse_page
from shared.huggingface.source import top_papers
from shared.ledger import keys
from shared.notices.mail import sns_announce
from shared.papers import Paper
from shared.periods import Period
from shared.services.begin import begin
from shared.services.deliver import Delivery, Translating
from shared.services.dispatch import dispatch
from shared.services.fetching import Fetching
from shared.services.messages import decode_digest, decode_paper
from shared.services.publish import Publishing
from shared.services.tick import tick
from shared.settings import Settings
from shared.text.clean import clean_abstract
from shared.translation import ask, door, judge, pipeline, styling
from tests.fakes.aws import DIGESTS, PAPERS, TOPIC, Cloud
from tests.unit.huggingface.made import FakeClient, page

_ID = "2509.04321"
_WEEK = "2025-W37"
_TICK = datetime(2025, 9, 15, 1, tzinfo=UTC)
_DELIVERED = _TICK + timedelta(seconds=2)
_ENTRY: dict[str, Any] = {
    "paper": {
        "id": _ID,
        "title": "Small Steps: Reinforcement Learning for Web Agents",
        "summary": (
            "We train web agents with \\textbf{reinforcement learning}\nand no human demonstrations. On 3 benchmarks "
            "the success rate rises by 12.4%, at a cost of $O(n)$ per step. Code is at https://github.com/example/steps."
        ),
        "authors": [{"name": "Ada Example"}, {"name": "Kim Bogi"}],
        "upvotes": 214,
        "publishedAt": "2025-09-04T09:12:44.000Z",
        "githubRepo": "https://github.com/example/steps",
        "ai_summary": "Web agents learn by reinforcement learning without human demonstrations.",
    }
}
_KOREAN = {
    "Small Steps: Reinforcement Learning for Web Agents": "작은 걸음: 웹 에이전트를 위한 강화 학습",
    "We train web agents with reinforcement learning and no human demonstrations. On 3 benchmarks the success rate "
    "rises by 12.4%, at a cost of # per step. Code is at #.": (
        "우리는 사람의 시연 없이 강화 학습으로 웹 에이전트를 학습시킨다. 벤치마크 3개에서 성공률이 12.4% 상승하며 "
        "단계당 비용은 #이다. 코드는 #에 있다."
    ),
    "Web agents learn by reinforcement learning without human demonstrations.": (
        "웹 에이전트가 사람의 시연 없이 강화 학습으로 배운다."
    ),
}
"""What the engine makes of each paragraph; `#` stands for what is hidden from it."""
_HASH = re.compile(r"(?<=[-/])[0-9a-f]{12,}(?=\.)")
_HIDDEN = re.compile(r"<span[^>]*>.*?</span>")


def one_paper() -> str:
    """The page."""
    # The functions log to standard output.
    logging.disable(logging.CRITICAL)
    try:
        with redirect_stdout(io.StringIO()):
            return "".join(_Way().told())
    finally:
        logging.disable(logging.NOTSET)


@dataclass
class _Engine:
    """Amazon Translate as boto3's client has it. `sent` and `answered` are the texts of its calls."""

    sent: list[str] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)

    def translate_text(self, *, Text: str, TargetLanguageCode: str, **_settings: object) -> dict[str, Any]:  # noqa: N803
        self.sent.append(Text)
        self.answered.append("\n\n".join(map(_translated, Text.split("\n\n"))))
        return {"TranslatedText": self.answered[-1], "TargetLanguageCode": TargetLanguageCode}


def _translated(paragraph: str) -> str:
    hidden = iter(_HIDDEN.findall(paragraph))
    return re.sub("#", lambda _: next(hidden), _KOREAN[_HIDDEN.sub("#", paragraph)])


class _Way:
    """A deployment in memory, and the paper's way through it, step by step."""

    def __init__(self) -> None:
        self.cloud = Cloud()
        self.engine = _Engine()
        self.page = page({"dateString": _WEEK, "periodType": "week", "dailyPapers": [_ENTRY]})
        self.settings = Settings(top=1, languages=("ko",))
        store = self.cloud.store
        self.fetching = Fetching(
            self.settings, store, self.cloud.papers, self.cloud.digests, self._read, lambda _source, _paper: _none()
        )
        self.translating = Translating(
            self.settings,
            store,
            lambda target: amazon.amazon_engine(cast(Any, self.engine), target, None),
            lambda: 0.0,
        )
        self.publishing = Publishing(store, sns_announce(cast(Any, self.cloud.sns), TOPIC, "bucket"))

    def _read(self, _source: str, period: Period, top: int, believe_few: bool) -> tuple[Paper, ...]:
        return top_papers(FakeClient(page=self.page), period, top, believe_few=believe_few).papers

    def told(self) -> Iterator[str]:
        """The page, part by part: each step is done, then told."""
        yield _HEAD
        yield _step(
            "Hugging Face's page",
            "The page of the week carries its papers as JSON in one attribute; this is the paper's entry.",
            (parse_page, top_papers),
            _json(_ENTRY),
            "Hugging Face, and the paper's authors: until the week's manifest is written, and never after.",
        )
        fetch.handle({"scheduled_time": _TICK.isoformat()}, self.fetching)
        manifest = keys.manifest(_WEEK)
        yield _step(
            "The manifest",
            f"The tick finds the week over and no manifest, and writes `{manifest}`, once: what the run expects.",
            (fetch.handler, tick, begin),
            self._stored(manifest),
            "nobody. A person may have the run read anew (`chorok run --refetch`): a new manifest, the old one kept.",
        )
        (message,) = self.cloud.sqs.messages(PAPERS)
        yield _step(
            "The message",
            "One message a paper and language, which carries the text: a delivery needs no manifest.",
            (dispatch,),
            _json(json.loads(message.body)),
            "nobody. Sent again it is the same work, which the ledger shows to be done.",
        )
        paper = decode_paper(message.body)
        cleaned = clean_abstract(paper.abstract)
        yield _step(
            "The cleaned abstract",
            "LaTeX, line ends and what no reader sees go. Everything after this, the memory's key included, knows only "
            "the cleaned text.",
            (translate.handler, Translating.deliver, clean_abstract),
            cleaned,
            "the code alone: it is computed at every delivery, and stored with the translation as its source.",
        )
        delivery = Delivery(message.id, receives=1, first_time=_DELIVERED, time=_DELIVERED)
        outcome = self.translating.deliver(paper, delivery)
        assert outcome.retry_seconds is None
        self.cloud.sqs.messages(PAPERS).clear()
        yield _step(
            "What Amazon Translate is sent",
            "Title, abstract and summary in one call, a paragraph each. What must come back to the character is hidden "
            "in spans that the engine leaves alone.",
            (pipeline.translate, ask.requests, amazon.amazon_engine),
            self.engine.sent[0],
            "nobody. What was paid for is kept by its request for as long as the message may come back.",
        )
        yield _step(
            "What it answers",
            "Any text at all: nothing here is believed yet.",
            (ask.ask,),
            self.engine.answered[0],
            "the engine.",
        )
        key = keys.result(paper.edition, paper.paper)
        held = json.loads(self.cloud.s3.objects[key].body)
        yield _step(
            "The translation",
            "Spans are opened, the style is mended (합니다 instead of 한다, the glossary's terms, particles), the "
            "judge compares the text with its source sentence by sentence, and the door makes it a translation. What "
            "the judge refuses is asked for again, and in the end stays in English, marked.",
            (styling.finish, judge.judge, door.accept),
            held["text"],
            "a person, with `chorok correct` or `chorok memory import`: through the same door, and for good.",
        )
        yield _step(
            "The result",
            f"`{key}`: what the ledger says of the paper from now on. S3 tells the digests queue that it is there.",
            (Translating.deliver,),
            _json(held),
            "translate; it moves only upward: failed, translated, better, accepted, a person's. Conditional writes see "
            "to it.",
        )
        (signal,) = self.cloud.sqs.messages(DIGESTS)
        (look,) = decode_digest(signal.body)
        publication = self.publishing.publish(look)
        assert publication.state == "complete"
        digest = json.loads(self.cloud.s3.objects[keys.digest(look.edition, "digest.json")].body)
        yield _step(
            "The digest",
            f"No paper of the manifest lacks its result, so `{keys.digest(look.edition, 'digest.json')}` is written, "
            "from manifest and results alone.",
            (aggregate.handler, Publishing.publish),
            _json(digest),
            "nobody directly: it follows from manifest and results, and is written again when one of them changes.",
        )
        yield _step(
            "The page",
            f"`{keys.digest(look.edition, 'digest.html')}`, of which this is the paper. Everything is escaped here, "
            "and nowhere before.",
            (renderings, render_page),
            _article(self.cloud.s3.objects[keys.digest(look.edition, "digest.html")].body.decode()),
            "nobody: it is one more form of `digest.json`.",
            kind="html",
        )
        ((subject, notice),) = self.cloud.sns.published
        yield _step(
            "The notice",
            "Subscribers are told once.",
            (sns_announce,),
            f"{subject}\n\n{notice}",
            "nobody; another mail goes out only where a partial digest has become complete.",
        )
        listed = "\n".join(_HASH.sub("…", key) for key in sorted(self.cloud.s3.objects))
        yield f"\n## What the bucket holds now\n\n`…` stands for a hash.\n\n```text\n{listed}\n```\n"

    def _stored(self, key: str) -> str:
        return _json(json.loads(self.cloud.s3.objects[key].body))


def _none() -> Paper:
    raise AssertionError("no paper is asked for by its id")


_HEAD = """# Follow one paper

<!-- written by `make documents` -->

One paper's way from Hugging Face's page to the reader: at each step the functions that do it, the text as it is there,
and who may change it. The functions are run for this page on S3, SQS and SNS in memory; the paper and its translation
are made up. [The map](architecture.md) shows the rooms that it passes.
"""


def _step(
    heading: str, what: str, functions: tuple[Callable[..., object], ...], text: str, changed_by: str, kind: str = ""
) -> str:
    places = ", ".join(_place(function) for function in functions)
    kind = kind or ("json" if text.startswith("{") else "text")
    return (
        f"\n## {heading}\n\n{what}\n\n- Done by {places}.\n- Who may change it: {changed_by}\n"
        f"\n```{kind}\n{text.rstrip()}\n```\n"
    )


def _place(function: Callable[..., object]) -> str:
    """A link to the file, and the function's name in it."""
    plain = inspect.unwrap(function)
    path = Path(inspect.getsourcefile(plain) or "").relative_to(Path(__file__).parents[2])
    return f"[`{path}`](../{path}): `{plain.__qualname__}`"


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1)


def _article(html: str) -> str:
    """The paper's part of the page."""
    found = LexborHTMLParser(html).css_first("article")
    assert found is not None
    return found.html or ""
