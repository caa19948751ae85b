"""All files of a digest: what stands below `digests/<run>/<language>/` follows from the digest and its neighbours."""

from shared.digest.archive import Around
from shared.digest.formats.epub import render_epub
from shared.digest.formats.html import render_page
from shared.digest.formats.md import render_markdown
from shared.digest.formats.txt import render_text
from shared.digest.model import Digest
from shared.ledger.records import encode

DIGEST = "digest.json"
"""The file that all others follow from."""
PAGE = "digest.html"
"""The one file that follows from the neighbours too."""


def renderings(digest: Digest, around: Around | None = None) -> dict[str, bytes]:
    """Every file of the digest by its name; `digest.json`, which all others follow from, comes first.

    Without `around` the page stands alone; with it, it leads to the archive and to the issues before and after.
    """
    return {
        DIGEST: encode(digest),
        "digest.txt": render_text(digest),
        "digest.md": render_markdown(digest),
        PAGE: render_page(digest, around),
        "digest.epub": render_epub(digest),
    }
