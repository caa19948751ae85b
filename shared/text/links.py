"""Which addresses that strangers typed may become links, and where such addresses stand in a text."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

_LONGEST = 2000
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]", re.IGNORECASE)
_UNSAFE = re.compile(r"[^!-~]|[\"'<>\\^`{|}]")
"""What RFC 3986 does not allow in an address, and the quote marks, which no markup then has to escape."""
_CARD_HOSTS = frozenset({"cdn-thumbnails.huggingface.co", "huggingface.co"})
_ADDRESS = re.compile(r"https://[!-~]+")
_CLOSING = {")": "(", "]": "["}


def safe_link(address: str) -> str:
    """`address` itself where it may become a link, else "".

    It must be https with a host's name, no user information and no port, and hold only characters that an address may.
    """
    if len(address) > _LONGEST or _UNSAFE.search(address):
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme == "https" and _HOST.fullmatch(parts.netloc) else ""


def card_link(address: str) -> str:
    """`address` itself where it may be that of a paper's card at Hugging Face, else ""."""
    return address if safe_link(address) and urlsplit(address).netloc in _CARD_HOSTS else ""


def split_links(text: str) -> Iterator[tuple[str, str]]:
    """`text` in pieces, each with the address it links to or "": joined, the pieces are the text again.

    Punctuation that ends a sentence, and a bracket that was opened before the address, stay outside of the link.
    """
    end = 0
    for match in _ADDRESS.finditer(text):
        address = _without_punctuation(_UNSAFE.split(match[0], maxsplit=1)[0])
        if safe_link(address):
            if match.start() > end:
                yield text[end : match.start()], ""
            yield address, address
            end = match.start() + len(address)
    if end < len(text):
        yield text[end:], ""


def _without_punctuation(address: str) -> str:
    while address:
        last = address[-1]
        unopened = last in _CLOSING and address.count(last) > address.count(_CLOSING[last])
        if not unopened and last not in ".,;:!?*_":
            break
        address = address[:-1]
    return address
