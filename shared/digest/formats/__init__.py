"""All files of a digest: what stands below `digests/<run>/<language>/` follows from the digest and its neighbours."""

from collections.abc import Callable

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
_RENDER: dict[str, Callable[[Digest, Around | None], bytes]] = {
    DIGEST: lambda digest, _: encode(digest),
    "digest.txt": lambda digest, _: render_text(digest),
    "digest.md": lambda digest, _: render_markdown(digest),
    PAGE: render_page,
    "digest.epub": lambda digest, _: render_epub(digest),
}
NAMES = tuple(_RENDER)
"""The names of a digest's files, `digest.json` first: whatever else lies beside them in a bucket is none of them."""


def renderings(digest: Digest, around: Around | None = None) -> dict[str, bytes]:
    """Every file of the digest by its name, in the order of NAMES.

    Without `around` the page stands alone; with it, it leads to the archive and to the issues before and after.
    """
    return {name: render(digest, around) for name, render in _RENDER.items()}
