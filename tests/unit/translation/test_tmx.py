"""The memory as TMX: what tools for translators read, and what comes back from them, or from somebody hostile."""

import hashlib
import unicodedata
from typing import Any
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


@pytest.mark.parametrize("folded", [b" ", b"  ", "\u2028".encode(), b"\n\t"], ids=["space", "two", "U+2028", "indent"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_what_tools_do_to_white_space_and_unicode_is_no_change(folded: bytes, form: Any) -> None:
    file = write_tmx([ENGINE]).replace("합니다.\n\n쉽니다".encode(), "합니다.".encode() + folded + "쉽니다".encode())

    (memory,) = read_tmx(unicodedata.normalize(form, file.decode()).encode())

    assert (memory.origin, memory.engine) == ("engine", "model-1")
    assert unicodedata.is_normalized("NFC", memory.text)


@pytest.mark.parametrize("separator", ["\n", " "], ids=["as exported", "folded"])
def test_an_export_of_version_0_1_is_still_known(separator: str) -> None:
    old = hashlib.sha256("훈련합니다.\n쉽니다.".encode()).hexdigest()
    properties = f'<prop type="x-chorok-origin">engine</prop><prop type="x-chorok-sha256">{old}</prop>'
    variants = variant("en", "Hello."), variant("ko", f"훈련합니다.{separator}쉽니다.")

    (memory,) = read_tmx(unit(properties, *variants))
    (changed,) = read_tmx(unit(properties, variants[0], variants[1].replace("쉽니다", "쉬지 않습니다")))

    assert (memory.origin, changed.origin) == ("engine", "person")


@pytest.mark.parametrize(
    ("label", "encoding"),
    [
        *(("euc-kr", "euc-kr"), ("EUC-KR", "cp949"), ("windows-949", "cp949"), ("ks_c_5601-1987", "cp949")),
        *(("cp949", "cp949"), ("UTF-16", "utf-16"), ("utf-8", "utf-8-sig"), ("utf-8", "utf-16"), ("UTF-8", "utf-8")),
    ],
)
def test_a_file_is_read_in_the_encoding_it_is_in(label: str, encoding: str) -> None:
    text = "똠방각하를 학습합니다." if encoding != "euc-kr" else "에이전트를 학습합니다."
    file = f'<?xml version="1.0" encoding="{label}"?>\n{unit(variant("en", "Hello."), variant("ko", text)).decode()}'

    assert read_tmx(file.encode(encoding)) == (person(text),)


@pytest.mark.parametrize(
    ("label", "body"),
    [("euc-kr", b"\xff\xff"), ("idna", b"a"), ("unicode_escape", b"a"), ("rot13", b"a"), ("nobody-knows", b"a")],
)
def test_an_encoding_that_is_not_read_is_told_with_what_to_do(label: str, body: bytes) -> None:
    file = f'<?xml version="1.0" encoding="{label}"?><tmx><body/>'.encode() + body + b"</tmx>"

    with pytest.raises(UsageError, match=r"TMX .*save it as UTF-8"):
        read_tmx(file)


def test_entities_are_refused_in_every_encoding() -> None:
    bomb = '<?xml version="1.0" encoding="euc-kr"?><!DOCTYPE tmx [<!ENTITY 가 "나">]><tmx>&가;</tmx>'

    with pytest.raises(UsageError, match="entity"):
        read_tmx(bomb.encode("euc-kr"))


def test_of_omegat_s_alternatives_the_default_is_read_and_else_the_first() -> None:
    def alternative(source: str, text: str) -> str:
        place = '<prop type="file">a.txt</prop><prop type="prev">Before.</prop><prop type="next">After.</prop>'
        return f"<tu>{place}{variant('en', source)}{variant('ko', text)}</tu>"

    default = f"<tu>{variant('en', 'Hello.')}{variant('ko', '안녕.')}</tu>"
    alone = alternative("Bye.", "잘 가."), alternative("Bye.", "안녕히.")
    file = f'<tmx version="1.4"><body>{alternative("Hello.", "여보세요.")}{default}{"".join(alone)}</body></tmx>'

    assert read_tmx(file.encode()) == (person("안녕."), person("잘 가.", source="Bye."))


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
