"""`digest.epub`: the digest as a book, one chapter a paper (EPUB 3.3, https://www.w3.org/TR/epub-33/).

Equal digests give equal bytes on every machine: the archive's times are fixed and nothing is compressed, for a
compressor's output is its version's own. No name in it comes from a stranger.
"""

import io
import zipfile

from shared.digest.feeds import stable_id
from shared.digest.formats.format import Format
from shared.digest.templating import render
from shared.digest.view import View

_MEDIA_TYPE = "application/epub+zip"
_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first time that a zip file can hold."""
_UNIX = 3
_READABLE = 0o644 << 16


def render_epub(view: View) -> bytes:
    """The digest as an EPUB file."""
    digest = view.digest
    values = {"view": view, "words": view.words, "language": digest.language}
    files = {
        # It comes first and as it is, so that the file is known by its first bytes.
        "mimetype": _MEDIA_TYPE.encode(),
        "META-INF/container.xml": render("epub/container.xml"),
        "book/package.opf": render("epub/package.opf", id=stable_id(digest.run, digest.language), **values),
        "book/cover.svg": render("epub/cover.svg", **values),
        "book/contents.xhtml": render("epub/contents.xhtml", **values),
        "book/title.xhtml": render("epub/title.xhtml", **values),
        "book/style.css": render("epub/style.css"),
    }
    for entry in view.papers:
        files[f"book/{entry.paper.rank}.xhtml"] = render("epub/paper.xhtml", entry=entry, **values)
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w") as archive:
        for name, body in files.items():
            info = zipfile.ZipInfo(name, _EARLIEST)
            info.create_system = _UNIX
            info.external_attr = _READABLE
            archive.writestr(info, body)
    return book.getvalue()


FORMAT = Format("epub", _MEDIA_TYPE, "EPUB", render_epub)
