"""The table of the formats: all files of a digest, below `digests/<run>/<language>/`.

A format is a module of this package that defines a `FORMAT`, and a place in the table.
"""

from shared.digest.archive_entries import Around
from shared.digest.formats import epub, html, json, md, txt
from shared.digest.templating import environment
from shared.digest.view import View
from shared.ledger.file import File

FORMATS = (json.FORMAT, txt.FORMAT, md.FORMAT, html.FORMAT, epub.FORMAT)
"""Every format, the one that all others follow from first."""
FORMAT_NAMES = tuple(form.name for form in FORMATS)
"""What a person may ask for."""
NAMES = tuple(form.file_name for form in FORMATS)
"""The names of a digest's files: whatever else lies beside them in a bucket is none of them."""
DIGEST = json.FORMAT.file_name
"""The file that all others follow from."""
PAGE = html.FORMAT.file_name
"""The one file that follows from the neighbours too."""

# The page links to all other files, and cannot import the table that it stands in.
environment.globals["formats"] = lambda: FORMATS


def renderings(view: View) -> dict[str, File]:
    """Every file that follows from the digest alone, by its name: all but the page; `digest.json` comes first."""
    return {form.file_name: form.file(view) for form in FORMATS if form.file_name != PAGE}


def page(view: View, around: Around | None = None) -> File:
    """The page. With `around` it leads to the archive and to the digests before and after; without, it stands alone."""
    return File(html.render_page(view, around), html.FORMAT.media_type)
