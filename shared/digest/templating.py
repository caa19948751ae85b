"""Jinja2 for everything that readers open: every value is escaped, an unknown one is an error, nothing is loaded.

The content security policy names the one style sheet by its hash, so a browser runs and loads nothing else whatever a
text may hold (https://www.w3.org/TR/CSP3/).
"""

import base64
import hashlib
import re
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from shared.digest.view import dates, heading, state, utc
from shared.languages.strings import language_name
from shared.text.links import split_links

_FOLDER = resources.files("shared.digest")
_HASH_DIGITS = 12
_WHOLE = re.compile(r"(\S{1,40}\)[^\W\d_]\S{0,20})")
"""A bracket and what is attached to it, such as a Korean particle: one word, which no line end may part."""

environment = Environment(
    loader=PackageLoader("shared.digest"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
# `formats.html` adds the filter `rows`, and `formats` the table of formats.
environment.filters["split_links"] = split_links
environment.filters["split_words"] = lambda text: ((part, bool(_WHOLE.fullmatch(part))) for part in _WHOLE.split(text))
environment.filters["heading_of"] = lambda entry, words: heading(entry.run, entry.period, words)
environment.filters["dates_of"] = lambda entry, words: dates(entry.period, words)
environment.filters["utc"] = utc
environment.filters["language_name"] = language_name
environment.filters["state_of"] = lambda entry, words: state(entry.translated, entry.papers, words)


def _hash(body: bytes) -> str:
    """A body as a policy and an `integrity` name it."""
    return f"sha256-{base64.b64encode(hashlib.sha256(body).digest()).decode()}"


def hashed_name(name: str, body: bytes) -> str:
    """A file's name with a hash of what it holds: what is kept under it is never stale."""
    stem, _, ending = name.rpartition(".")
    return f"{stem}-{hashlib.sha256(body).hexdigest()[:_HASH_DIGITS]}.{ending}"


_NEEDLESS_SPACE = re.compile(r"\s*([{};,])\s*|(?<=:)\s+|\s*\n\s*")
# Ours and free of "</style>": the one text that is not escaped.
_STYLE = Markup(  # noqa: S704
    _NEEDLESS_SPACE.sub(r"\1", (_FOLDER / "templates" / "style.css").read_text(encoding="utf-8"))
)
SCRIPTS = {
    hashed_name(name, body): body
    for name in ("query.js", "search.js")
    for body in ((_FOLDER / "assets" / name).read_bytes(),)
}
"""The scripts of the search page, in the order in which they run."""
# Ours and free of "</script>". A page does all but remember and share without it. The Nu HTML checker knows its hash
# only if it is one line.
_PAGE_SCRIPT = Markup(" ".join((_FOLDER / "assets" / "page.js").read_text(encoding="utf-8").split()))  # noqa: S704
_HASHES = {name: _hash(body) for name, body in SCRIPTS.items()}
# The Nu HTML checker knows no hashes of styles and asks for a nonce. It guards nothing, and styles cannot fetch either.
_NONCE = "style"
# Whoever examines a page reads the site's robots.txt from within it.
_POLICY = (
    f"default-src 'none'; style-src '{_hash(_STYLE.encode())}' 'nonce-{_NONCE}'; img-src data:; connect-src 'self';"
    " base-uri 'none'"
)
PAGE_SCRIPT_HASH = _hash(_PAGE_SCRIPT.encode())
"""The script of a digest's page, as a policy names it."""
_PAGE_POLICY = f"{_POLICY}; form-action 'none'; script-src '{PAGE_SCRIPT_HASH}'"
_SCRIPT_SOURCES = " ".join(f"'{source}'" for source in ("self", *_HASHES.values()))

environment.globals["style"] = _STYLE
environment.globals["nonce"] = _NONCE
environment.globals["scripts"] = _HASHES
environment.globals["policy"] = f"{_POLICY}; form-action 'none'"
environment.globals["page_script"] = _PAGE_SCRIPT
environment.globals["page_policy"] = _PAGE_POLICY
environment.globals["search_policy"] = f"{_POLICY}; form-action 'self'; script-src {_SCRIPT_SOURCES}"


def policy_with(data: str) -> str:
    """The policy of a page with our script in which `data` stands as a script's element: nothing runs it."""
    return f"{_PAGE_POLICY} '{_hash(data.encode())}'"


def render(template: str, **values: object) -> bytes:
    """The template of this name with `values`, in UTF-8."""
    return environment.get_template(template).render(values).encode()
