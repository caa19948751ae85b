"""Only Hugging Face may be read, and on the embedded cloud this machine: an address decides where requests go."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.addresses import is_loopback
from shared.errors import UsageError
from shared.huggingface.address import validate_source

LOOPBACK = [
    "http://127.0.0.1:8000",
    "https://127.0.0.1",
    "http://127.8.9.10:1",
    "http://[::1]:8000",
    "http://localhost:8000",
]

IMPOSTORS = [
    "",
    "huggingface.co",
    "//huggingface.co",
    "http://huggingface.co",
    "ftp://huggingface.co",
    "file:///etc/passwd",
    "https://huggingface.co.evil",
    "https://huggingface.co@evil",
    "https://huggingface.co:443@evil",
    "https://user@huggingface.co",
    "https://evil\\@huggingface.co",
    "https://huggingface.co\\@evil",
    "https://huggingface.co/papers",
    "https://huggingface.co/..",
    "https://huggingface.co//",
    "https://huggingface.co?x=1",
    "https://huggingface.co?",
    "https://huggingface.co#",
    "https://huggingface.co/#@evil",
    "https://huggingface.co:8443",
    "https://huggingface.co:99999",
    "https://huggingface.co.",
    "https://hugging\tface.co",
    " https://huggingface.co",
    "https://huggingface.co\n",
    "https://ｈuggingface.co",
    "https://[::1",
]

NEARLY_LOOPBACK = [
    "http://127.0.0.1.evil:8000",
    "http://127.0.0.1@evil",
    "http://user@127.0.0.1:8000",
    "http://localhost.evil",
    "http://127.1:8000",
    "http://2130706433",
    "http://0x7f000001",
    "http://0.0.0.0:8000",
    "http://10.0.0.1:8000",
    "http://169.254.169.254",
    "http://[::]:8000",
    "http://127.0.0.1:8000/hf",
    "http://127.0.0.1:8000?",
    "http://127.0.0.1:",
    "http://127.0.0.1:port",
    "ftp://127.0.0.1",
    "http://１２７.0.0.1",
]


@pytest.mark.parametrize("embedded", [True, False])
@pytest.mark.parametrize("base", ["https://huggingface.co", "https://huggingface.co/", "HTTPS://HuggingFace.co"])
def test_hugging_face_is_a_source_everywhere(base: str, embedded: bool) -> None:
    assert validate_source(base, embedded=embedded) == "https://huggingface.co"


@pytest.mark.parametrize("base", LOOPBACK)
def test_an_address_on_loopback_is_a_source_on_the_embedded_cloud_only(base: str) -> None:
    assert validate_source(base + "/", embedded=True) == base

    with pytest.raises(UsageError, match="is not a source of papers"):
        validate_source(base, embedded=False)


@pytest.mark.parametrize("embedded", [True, False])
@pytest.mark.parametrize("base", IMPOSTORS + NEARLY_LOOPBACK)
def test_what_merely_looks_like_a_source_is_refused(base: str, embedded: bool) -> None:
    with pytest.raises(UsageError) as refusal:
        validate_source(base, embedded=embedded)

    assert "\n" not in str(refusal.value)


@given(st.text(max_size=12), st.text(max_size=12), st.booleans())
def test_nothing_that_surrounds_an_address_changes_where_it_leads(before: str, after: str, embedded: bool) -> None:
    try:
        source = validate_source(f"{before}https://huggingface.co{after}", embedded=embedded)
    except UsageError:
        return

    assert source == "https://huggingface.co"


@pytest.mark.parametrize(
    ("host", "expected"),
    [("localhost", True), ("127.0.0.1", True), ("::1", True), ("huggingface.co", False), ("", False)],
)
def test_loopback_is_known_by_its_host(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected
