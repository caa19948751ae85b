"""The memory as TMX: what tools for translators read, and what comes back from them, or from somebody hostile."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import UsageError
from shared.ledger.records import Memory
from shared.translation.tmx import read_tmx, write_tmx

ENGINE = Memory("ko", "We train <think> & agents.\n\nThey rest.", "에이전트를 훈련합니다.\n\n쉽니다.", "model-1")
PERSON = Memory("pt", "A title", "Um título", "person", origin="person")
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def unit(*variants: str) -> bytes:
    """A file of another tool with one unit."""
    doctype = '<!DOCTYPE tmx SYSTEM "tmx14.dtd">'
    return f'{doctype}<tmx version="1.4"><header/><body><tu>{"".join(variants)}</tu></body></tmx>'.encode()


def variant(language: str, text: str, attribute: str = "xml:lang") -> str:
    return f'<tuv {attribute}="{language}"><seg>{text}</seg></tuv>'


def person(text: str, language: str = "ko", source: str = "Hello.") -> Memory:
    return Memory(language, source, text, "person", origin="person")


def test_a_file_holds_what_the_standard_asks_for() -> None:
    root = ElementTree.fromstring(write_tmx([ENGINE]))

    header, body = root
    assert (root.tag, root.attrib, header.tag, body.tag) == ("tmx", {"version": "1.4"}, "header", "body")
    required = {"creationtool", "creationtoolversion", "segtype", "o-tmf", "adminlang", "srclang", "datatype"}
    assert set(header.attrib) == required
    assert header.get("segtype") in {"block", "paragraph", "sentence", "phrase"}
    (only,) = body
    assert [child.tag for child in only] == ["prop", "prop", "prop", "tuv", "tuv"]
    assert all(prop.get("type", "").startswith("x-") for prop in only.iter("prop"))
    assert [tuv.get(LANG) for tuv in only.iter("tuv")] == ["en", "ko"]
    assert [[child.tag for child in tuv] for tuv in only.iter("tuv")] == [["seg"], ["seg"]]


def test_an_untouched_file_comes_back_as_it_was() -> None:
    assert read_tmx(write_tmx([ENGINE, PERSON])) == (ENGINE, PERSON)


texts = st.text(min_size=1).map(str.strip).filter(bool)


@given(texts, texts)
def test_whatever_the_memory_holds_can_be_read_back_as_the_engine_s(source: str, text: str) -> None:
    file = write_tmx([Memory("ko", source, text, "model-1")])

    (memory,) = read_tmx(file) or (None,)

    # A text of nothing but characters that XML cannot hold is no entry.
    assert memory is None or (memory.engine, memory.origin) == ("model-1", "engine")


def test_what_somebody_changed_is_a_person_s() -> None:
    changed = write_tmx([ENGINE, PERSON]).decode().replace("쉽니다", "휴식합니다")

    assert read_tmx(changed.encode()) == (
        Memory("ko", ENGINE.source, "에이전트를 훈련합니다.\n\n휴식합니다.", "person", origin="person"),
        PERSON,
    )


def test_what_an_editor_does_to_line_ends_and_margins_is_no_change() -> None:
    edited = write_tmx([ENGINE]).replace(b"\n", b"\r\n").replace(b"<seg>", b"<seg>\r\n  ")

    assert read_tmx(edited) == (ENGINE,)


@pytest.mark.parametrize(
    ("file", "read"),
    [
        (unit(variant("en", "Hello."), variant("ko", "안녕.")), (person("안녕."),)),
        (unit(variant("KO_kr", "안녕."), variant("EN-us", "Hello.")), (person("안녕."),)),
        (unit(variant("en", "Hello.", "lang"), variant("ko", "안녕.", "lang")), (person("안녕."),)),
        (
            unit(variant("en", "Hello."), variant("ko", "안녕."), variant("ja", "こんにちは。")),
            (person("안녕."), person("こんにちは。", "ja")),
        ),
        (unit(variant("en", "Hello."), variant("ko", 'a <ph x="1">&lt;b&gt;</ph> c')), (person("a <b> c"),)),
        (unit(variant("en", "Hello."), variant("ko", " ")), ()),
        (unit(variant("en", "Hello."), variant("tlh", "nuqneH")), ()),
        (unit(variant("ja", "こんにちは。"), variant("ko", "안녕.")), ()),
        (unit(variant("en", "Hello."), '<tuv xml:lang="ko"/>'), ()),
    ],
    ids=["plain", "regions", "old", "several", "inline", "empty", "unknown", "no English", "no segment"],
)
def test_files_of_other_tools_are_read_as_a_person_s(file: bytes, read: tuple[Memory, ...]) -> None:
    assert read_tmx(file) == read


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"not XML",
        b"<tmx><body></tmx>",
        b"<html/>",
        b"\xff\xfe\x00",
        b'<!DOCTYPE tmx [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><tmx>&b;</tmx>',
        b'<!DOCTYPE tmx [<!ENTITY a SYSTEM "file:///etc/passwd">]><tmx>&a;</tmx>',
        b'<!DOCTYPE tmx [<!ENTITY % a SYSTEM "http://127.0.0.1:9/a.dtd"> %a;]><tmx/>',
        b'<!DOCTYPE tmx SYSTEM "file:///etc/passwd"><tmx>&a;</tmx>',
    ],
    ids=["empty", "text", "unbalanced", "HTML", "bytes", "bomb", "file", "parameter", "undeclared"],
)
def test_what_is_no_tmx_or_is_hostile_is_refused_in_one_line(file: bytes) -> None:
    with pytest.raises(UsageError, match="TMX") as caught:
        read_tmx(file)

    assert "\n" not in str(caught.value)
    assert "root:" not in str(caught.value)
