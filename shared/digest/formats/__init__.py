"""The table of the formats: all files of a digest, below `digests/<run>/<language>/`.

A format is a module of this package that defines a `FORMAT`, and a place in the table.
"""

from collections.abc import Mapping

from shared.digest.archive_entries import Around
from shared.digest.formats import epub, html, json, md, txt
from shared.digest.formats.paper_page import paper_pages
from shared.digest.templating import environment
from shared.digest.view import View
from shared.ledger.file import File
from shared.ledger.keys import PAGE

FORMATS = (json.FORMAT, txt.FORMAT, md.FORMAT, html.FORMAT, epub.FORMAT)
"""Every format, the one that all others follow from first."""
FORMAT_NAMES = tuple(form.name for form in FORMATS)
"""What a person may ask for."""
NAMES = tuple(form.file_name for form in FORMATS)
"""The names of a digest's files that stand alone, to be taken away."""
DIGEST = json.FORMAT.file_name
"""The file that all others follow from."""
STANDALONE = html.FORMAT.file_name
"""The page as one file to keep, which leads to no other page."""
FILES = (*NAMES, PAGE)
"""The names of a digest's files, but for its papers' pages, which are called by their ids: whatever else lies beside
them in a bucket is none of them."""

# The page links to all other files, and cannot import the table that it stands in.
environment.globals["formats"] = lambda: FORMATS


def renderings(view: View, site: str = "", weeks: Mapping[str, str] | None = None) -> dict[str, File]:
    """Every file of the digest but its page in the archive, by its name; `digest.json` comes first, papers' pages last.

    `site` is the address below which all runs are published, with a slash at its end, or "" where it is not known.
    `weeks` are the runs in which papers of a day or a month stand too, by paper; papers' pages alone look at it.
    """
    return {form.file_name: form.file(view) for form in FORMATS} | paper_pages(view, site, weeks or {})


def page(view: View, around: Around) -> File:
    """The page in the archive: the one file that follows from the digests around it, too."""
    return File(html.render_page(view, around), html.FORMAT.media_type)
