"""The translation memory as TMX 1.4b, the form in which tools for translators exchange memories.

http://www.gala-global.org/tmx-14b. A unit holds one text in English and in one other language. What chorok alone knows
stands in properties: where the text comes from, and the hash of what it says as it was written out, which tells whether
somebody has changed it since. White space and the form of Unicode are no change: tools fold the one and turn the other.

    <tu>
      <prop type="x-chorok-origin">engine</prop>
      <prop type="x-chorok-engine">amazon-translate</prop>
      <prop type="x-chorok-sha256">2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824</prop>
      <tuv xml:lang="en"><seg>We train agents.</seg></tuv>
      <tuv xml:lang="ko"><seg>에이전트를 훈련합니다.</seg></tuv>
    </tu>
"""

import codecs
import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import NoReturn
from xml.etree.ElementTree import Element, SubElement, TreeBuilder, indent, tostring
from xml.parsers import expat

from shared.errors import UsageError
from shared.languages.table import codes, find_language
from shared.ledger.records import PERSON, Memory
from shared.translation.styling import compose, one_sentence_a_line, said

_SOURCE_LANGUAGE = "en"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_ORIGIN, _ENGINE, _SHA256 = "x-chorok-origin", "x-chorok-engine", "x-chorok-sha256"
_NOT_IN_XML = re.compile(r"[^\t\n\u0020-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
"""What XML 1.0 cannot hold (https://www.w3.org/TR/xml/#charsets), and the carriage return, which no reader keeps."""
_ALTERNATIVE = {"prev", "next", "id"}
"""The properties by which OmegaT tells in which place alone a translation holds: https://omegat.sourceforge.io/manual-standard/en/appendix.topics.html."""
_DECLARED = re.compile(rb"<\?xml[^<>]*?\bencoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ALIASES = {
    "windows-949": "cp949",
    "x-windows-949": "cp949",
    "ms949": "cp949",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
}
"""What files from Korean Windows declare. All of it is read as CP949, which holds EUC-KR: the labels are mixed up."""
_LEGACY = re.compile(r"cp949|euc_kr|johab|cp932|shift_jis|euc_jp|gb2312|gbk|gb18030|big5|cp125[0-8]|iso8859-\d+|koi8-r")
"""What is read beside expat's own, by Python's names. Expat would try any codec of Python's, `unicode_escape` too."""
_EXPATS_OWN = {"ascii", "utf-8", "utf-16", "utf-16-be", "utf-16-le"}
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
    A unit without English, and an empty text, is no entry. OmegaT's alternative translations, which hold in one place
    only, count where their source has no other: of several the first. Raises UsageError where the file is no TMX that
    can be read, or declares entities: they may read files of this machine, or fill its memory.
    """
    root = _parsed(*_decoded(file))
    if root.tag != "tmx":
        raise UsageError(f"This is no TMX file: its root is <{root.tag}>.")
    units = list(root.iter("tu"))
    entries = [memory for unit in units if not _is_alternative(unit) for memory in _memories(unit)]
    known = {(memory.language, said(memory.source)) for memory in entries}
    for memory in (memory for unit in units if _is_alternative(unit) for memory in _memories(unit)):
        place = (memory.language, said(memory.source))
        if place not in known:
            known.add(place)
            entries.append(memory)
    return tuple(entries)


def _is_alternative(unit: Element) -> bool:
    return any(prop.get("type") in _ALTERNATIVE for prop in unit.iter("prop"))


def _memories(unit: Element) -> Iterator[Memory]:
    properties = {prop.get("type", ""): (prop.text or "").strip() for prop in unit.iter("prop")}
    texts = [(_language(variant), _text(variant)) for variant in unit.iter("tuv")]
    source = next((text for language, text in texts if language == _SOURCE_LANGUAGE), "")
    for language, text in texts:
        if not source or not text or language not in codes():
            continue
        if properties.get(_ORIGIN) in ("engine", "accepted") and properties.get(_SHA256, "") in _hashes(language, text):
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
    return "" if segment is None else compose("".join(segment.itertext())).strip()


def _sha256(text: str) -> str:
    return hashlib.sha256(said(text).encode()).hexdigest()


def _hashes(language: str, text: str) -> Iterator[str]:
    """What the hash of an unchanged `text` may be. Version 0.1 took that of its lines, which a tool may have folded."""
    yield _sha256(text)
    for lines in (text, one_sentence_a_line(text, find_language(language))):
        yield hashlib.sha256(lines.strip().encode()).hexdigest()


def _decoded(file: bytes) -> tuple[bytes, str | None]:
    """`file` in UTF-8 and that name, or as it is, and None, where expat can tell its encoding by itself."""
    declared = _DECLARED.match(file[:1000].lstrip())
    name = declared[1].decode().lower() if declared else "utf-8"
    try:
        if file.startswith(_MARKS):
            encoding = "utf-8-sig" if file.startswith(codecs.BOM_UTF8) else "utf-16"
        else:
            encoding = codecs.lookup(_ALIASES.get(name, name)).name
            if encoding in _EXPATS_OWN:
                return file, None
            if not _LEGACY.fullmatch(encoding):
                raise LookupError
        return file.decode(encoding).encode(), "utf-8"
    except LookupError:
        raise UsageError(f"This TMX file is in {name!r}, which is not read: save it as UTF-8.") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"This is no TMX file in {name} ({error.reason}): save it as UTF-8.") from error


def _parsed(file: bytes, encoding: str | None) -> Element:
    builder = TreeBuilder()
    # What was decoded here still declares what it was.
    parser = expat.ParserCreate(encoding)
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
