"""Pages and API answers of Hugging Face's form, made of as many papers as a test needs."""

import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from shared.errors import SourceError
from shared.huggingface.client import Client
from shared.periods import parse_period

WEEK = parse_period("2025-W37")

Entry = dict[str, Any]


def made_id(number: int) -> str:
    return f"2509.{number:05}"


def made_ids(*numbers: int) -> list[str]:
    return [made_id(number) for number in numbers]


def entry(number: int, **paper: Any) -> Entry:
    """The entry of one paper; the lower its number, the more votes it has."""
    facts = {
        "id": made_id(number),
        "title": f"Title {number}",
        "summary": f"Abstract {number}.",
        "upvotes": 1000 - number,
    }
    return {"paper": facts | paper}


def entries(*numbers: int) -> list[Entry]:
    return [entry(number) for number in numbers]


def props(listed: Sequence[Any], **changes: Any) -> dict[str, Any]:
    return {"dateString": WEEK.name, "periodType": "week", "dailyPapers": list(listed)} | changes


def page(data: Any, cards: Sequence[str] | None = None) -> bytes:
    """A page with `data` in its data block, and with these cards; by default those of the data's papers."""
    if cards is None:
        cards = [listed["paper"]["id"] for listed in data["dailyPapers"]]
    shown = "".join(
        f'<article><a href="/papers/{id_}"><img src="/{id_}.png"></a><h3><a href="/papers/{id_}">A title</a></h3>'
        f'<a href="/papers/{id_}#community">5</a></article>\n'
        for id_ in cards
    )
    block = html.escape(data if isinstance(data, str) else json.dumps(data))
    return (
        '<!doctype html>\n<html><body><main><div class="SVELTE_HYDRATER contents" data-target="DailyPapers" '
        f'data-props="{block}"><section>{shown}</section></div></main></body></html>\n'
    ).encode()


def listing(listed: Sequence[Any]) -> bytes:
    return json.dumps(list(listed)).encode()


@dataclass(frozen=True)
class FakeClient(Client):
    """Answers the page and each part of the API's list from memory, and notes what was asked."""

    base: str = "https://huggingface.co"
    page: bytes | SourceError = field(kw_only=True)
    api: Sequence[bytes | SourceError] = field(default=(b"no JSON",), kw_only=True)
    asked: list[str] = field(default_factory=list, kw_only=True)

    def get(self, path: str, query: Mapping[str, str] | None = None) -> bytes:
        self.asked.append(f"{path}?{urlencode(query)}" if query else path)
        answer = self.page if query is None else self.api[min(int(query["p"]), len(self.api) - 1)]
        if isinstance(answer, SourceError):
            raise answer
        return answer
