"""The translation memory as TMX 1.4b, the form in which tools for translators exchange memories.

http://www.gala-global.org/tmx-14b. A unit holds one text in English and in one other language. What chorok alone knows
stands in properties: where the text comes from, and the hash of the text as it was written out, which tells whether
somebody has changed it since.

    <tu>
      <prop type="x-chorok-origin">engine</prop>
      <prop type="x-chorok-engine">amazon-translate</prop>
      <prop type="x-chorok-sha256">2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824</prop>
      <tuv xml:lang="en"><seg>We train agents.</seg></tuv>
      <tuv xml:lang="ko"><seg>에이전트를 훈련합니다.</seg></tuv>
    </tu>
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import NoReturn
from xml.etree.ElementTree import Element, SubElement, TreeBuilder, indent, tostring
from xml.parsers import expat

from shared.errors import UsageError
from shared.languages.table import codes
from shared.ledger.records import PERSON, Memory

_SOURCE_LANGUAGE = "en"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_ORIGIN, _ENGINE, _SHA256 = "x-chorok-origin", "x-chorok-engine", "x-chorok-sha256"
_NOT_IN_XML = re.compile(r"[^\t\n\u0020-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
"""What XML 1.0 cannot hold (https://www.w3.org/TR/xml/#charsets), and the carriage return, which no reader keeps."""
_HEADER = {
    "creationtool": "chorok",
    "creationtoolversion": "1",
    "segtype": "block",
    "o-tmf": "chorok",
    "adminlang": _SOURCE_LANGUAGE,
    "srclang": _SOURCE_LANGUAGE,
    "datatype": "plaintext",
}


def write_tmx(memories: Iterable[Memory]) -> bytes:
    """The entries as a TMX file, in UTF-8 and in their order."""
    root = Element("tmx", version="1.4")
    SubElement(root, "header", _HEADER)
    body = SubElement(root, "body")
    for memory in memories:
        unit, text = SubElement(body, "tu"), _NOT_IN_XML.sub("", memory.text)
        for kind, value in ((_ORIGIN, memory.origin), (_ENGINE, memory.engine), (_SHA256, _sha256(text))):
            SubElement(unit, "prop", type=kind).text = value
        for language, content in ((_SOURCE_LANGUAGE, _NOT_IN_XML.sub("", memory.source)), (memory.language, text)):
            SubElement(SubElement(unit, "tuv", {_LANG: language}), "seg").text = content
    indent(root)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def read_tmx(file: bytes) -> tuple[Memory, ...]:
    """The entries of a TMX file, of any version and tool, from English into the languages that chorok knows.

    What an engine translated and nobody has changed since comes back as the engine's; every other text is a person's.
    A unit without English, and an empty text, is no entry. Raises UsageError where the file is no TMX that can be read,
    or declares entities: they may read files of this machine, or fill its memory.
    """
    root = _parsed(file)
    if root.tag != "tmx":
        raise UsageError(f"This is no TMX file: its root is <{root.tag}>.")
    return tuple(memory for unit in root.iter("tu") for memory in _memories(unit))


def _memories(unit: Element) -> Iterator[Memory]:
    properties = {prop.get("type", ""): (prop.text or "").strip() for prop in unit.iter("prop")}
    texts = [(_language(variant), _text(variant)) for variant in unit.iter("tuv")]
    source = next((text for language, text in texts if language == _SOURCE_LANGUAGE), "")
    for language, text in texts:
        if not source or not text or language not in codes():
            continue
        if properties.get(_ORIGIN) == "engine" and properties.get(_SHA256) == _sha256(text):
            yield Memory(language, source, text, properties.get(_ENGINE, ""))
        else:
            yield Memory(language, source, text, PERSON, origin="person")


def _language(variant: Element) -> str:
    """The language's code as chorok writes it; a region that it does not tell apart is dropped (ko-KR, EN_US)."""
    # TMX 1.3 and earlier say `lang`.
    tag = (variant.get("xml:lang") or variant.get("lang") or "").replace("_", "-")
    known = {code.casefold(): code for code in (*codes(), _SOURCE_LANGUAGE)}
    return known.get(tag.casefold()) or known.get(tag.casefold().partition("-")[0], "")


def _text(variant: Element) -> str:
    """The segment with the native codes in its inline elements: as it was before a tool marked them."""
    segment = variant.find("seg")
    return "" if segment is None else "".join(segment.itertext()).strip()


def _sha256(text: str) -> str:
    return hashlib.sha256(text.strip().encode()).hexdigest()


def _parsed(file: bytes) -> Element:
    builder = TreeBuilder()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.EntityDeclHandler = _refuse_entities
    parser.SkippedEntityHandler = _refuse_entities
    try:
        parser.Parse(file, True)  # noqa: FBT003 - the signature is expat's
    except expat.ExpatError as error:
        raise UsageError(f"This is no TMX file: {error}.") from error
    return builder.close()


def _refuse_entities(name: str, *_: object) -> NoReturn:
    raise UsageError(f"This TMX file uses the entity {name!r}, which is not read: write its characters instead.")
