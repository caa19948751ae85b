"""Which addresses papers may be read from, and where on a source a period's page is."""

from urllib.parse import urlsplit

from shared.addresses import is_loopback
from shared.errors import UsageError
from shared.papers import HUGGING_FACE
from shared.periods import Period


def page_path(period: Period) -> str:
    """The path of a period's page below the source's base address, as seen on huggingface.co."""
    return f"/papers/{period.kind}/{period.name}"


def validate_source(base: str, *, embedded: bool) -> str:
    """The base address `base` in its plain form: scheme, host and port, without a final slash.

    Only Hugging Face itself is a source; on the embedded cloud http or https on a loopback address is one too.
    Raises UsageError for anything else, such as user names, paths, queries, or hosts that merely look like it.
    """
    try:
        parts = urlsplit(base)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _no_source(base, embedded=embedded) from None
    plain = f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{'' if port is None else f':{port}'}"
    allowed = plain == HUGGING_FACE or (embedded and parts.scheme in {"http", "https"} and is_loopback(host))
    # Parsers differ in what they make of an odd address: only one that says exactly what was understood may pass.
    if not allowed or base.lower().removesuffix("/") != plain:
        raise _no_source(base, embedded=embedded)
    return plain


def _no_source(base: str, *, embedded: bool) -> UsageError:
    local = " or, for a local copy, an address such as http://127.0.0.1:8000" if embedded else ""
    return UsageError(f"{base!r} is not a source of papers. Use {HUGGING_FACE}{local}.")
