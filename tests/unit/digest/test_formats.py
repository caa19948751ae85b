"""A format is a module and a place in the table: what reads from the table knows it."""

import re
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from cli.connecting import published
from cli.connecting.files import download
from shared.digest import formats
from shared.digest.formats import FORMATS, NAMES
from shared.digest.formats.format import Format
from shared.digest.view import view
from shared.editions import Edition
from shared.languages.strings import strings
from shared.ledger import keys
from shared.ledger.results import store_result
from shared.services.messages import DigestMessage
from shared.services.publish import Publishing
from tests.fakes.aws import Cloud
from tests.unit.digest.digests import ADAPTER, LATER, SAPO, WEEK, digest_of, failed, manifest_of, translated

EDITION = Edition(WEEK, "ko")
GEMTEXT = Format("gmi", "text/gemini", "Gemtext", lambda view: f"# {view.title}\n".encode())


@pytest.fixture(params=FORMATS, ids=lambda form: form.name)
def form(request: pytest.FixtureRequest) -> Format:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> Format:
    """A format that the table lists beside the others."""
    monkeypatch.setattr(formats, "FORMATS", (*FORMATS, GEMTEXT))
    monkeypatch.setattr(published, "NAMES", (*NAMES, GEMTEXT.file_name))
    return GEMTEXT


def test_a_format_says_what_it_is(form: Format) -> None:
    assert re.fullmatch(r"[a-z]+/[a-z+]+(; charset=utf-8)?", form.media_type)
    assert keys.digest(EDITION, form.file_name).endswith(f"/ko/digest.{form.name}")
    assert form.label_in(strings("ko")).strip()


def test_a_format_is_the_same_to_the_byte_for_the_same_digest(form: Format) -> None:
    results = [translated(SAPO, "공유합니다.\n둘째입니다.", title="함께"), failed(ADAPTER)]

    first, second = (form.render(view(digest_of([SAPO, ADAPTER], results))) for _ in range(2))

    assert first == second != b""


def test_no_two_formats_have_the_same_name() -> None:
    assert len(set(NAMES)) == len(NAMES) == len(FORMATS)


def test_a_new_format_is_rendered_linked_published_and_downloaded(made_up: Format, tmp_path: Path) -> None:
    cloud = Cloud()
    cloud.store.create(keys.manifest(WEEK), manifest_of([SAPO]))
    store_result(cloud.store, translated(SAPO, "공유합니다.", time=LATER))

    Publishing(cloud.store, lambda _view, _healed: None).publish(DigestMessage(WEEK, "ko"))
    digest = published.find(cloud.store, WEEK, "ko")
    [path] = download(cloud.store, EDITION, tmp_path, digest.named("gmi"))
    page = LexborHTMLParser(cloud.s3.objects[keys.digest(EDITION, keys.PAGE)].body.decode())

    assert path == tmp_path / WEEK / "ko" / "digest.gmi"
    assert path.read_text(encoding="utf-8") == "# 2025년 37주 차 · Hugging Face 주간 인기 논문\n"
    assert cloud.s3.objects[keys.digest(EDITION, "digest.gmi")].content_type == "text/gemini"
    assert ("Gemtext", "digest.gmi") in [(node.text(), node.attributes["href"]) for node in page.css("footer ul a")]
