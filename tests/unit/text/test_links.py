import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.text.links import safe_link, split_links


@pytest.mark.parametrize(
    "address",
    ["https://github.com/zai-org/GLM-4.5", "https://a-b.example.org/x?y=1&z=%20#part", "https://xn--hk3b17f.kr/"],
)
def test_an_ordinary_address_may_become_a_link(address: str) -> None:
    assert safe_link(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "http://example.org/",
        "//example.org/",
        "https:example.org",
        "https://",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://huggingface.co@evil.example/",
        "https://huggingface.co:443@evil.example/",
        "https://example.org:8443/",
        "https://example.org\\@evil.example/",
        "https://exаmple.org/",
        'https://example.org/"onmouseover="alert(1)',
        "https://example.org/\njavascript:alert(1)",
        "https://example.org/<script>",
        " https://example.org/",
        "https://example.org/" + "a" * 2000,
        "https://[broken/",
    ],
)
def test_any_other_address_may_not(address: str) -> None:
    assert safe_link(address) == ""


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("Code: https://github.com/zai-org/GLM-4.5.", ["https://github.com/zai-org/GLM-4.5"]),
        (
            "(see https://example.org/a_(b)), or https://example.org.",
            ["https://example.org/a_(b)", "https://example.org"],
        ),
        ("코드는 https://github.com/a/b에서 볼 수 있습니다.", ["https://github.com/a/b"]),
        ("https://me@evil.example/ and http://example.org", []),
    ],
)
def test_addresses_within_a_text_become_links_without_the_sentence_around_them(text: str, links: list[str]) -> None:
    assert [address for _, address in split_links(text) if address] == links


@given(
    st.text() | st.lists(st.sampled_from(["https://", "a.example", "/", ")", ".", "@", '"', " ", "한"])).map("".join)
)
def test_splitting_loses_nothing_and_links_only_safe_addresses(text: str) -> None:
    pieces = list(split_links(text))

    assert "".join(piece for piece, _ in pieces) == text
    assert all(address == piece == safe_link(address) for piece, address in pieces if address)
