"""The page of a language's terms: for whoever reads English papers and Korean digests."""

from urllib.parse import parse_qs, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from shared.digest.archive_entries import Archive
from shared.digest.archive_files import archive_files
from shared.digest.glossary_page import GLOSSARY, glossary_files
from shared.languages.glossary import load_glossary
from shared.languages.table import find_language

KOREAN = find_language("ko")


def page() -> LexborHTMLParser:
    return LexborHTMLParser(glossary_files(KOREAN)[GLOSSARY].body)


def text_of(node: LexborNode, selector: str) -> str:
    found = node.css_first(selector)
    assert found is not None
    return found.text()


def test_each_term_that_has_a_korean_name_stands_once_and_leads_to_a_search_for_it() -> None:
    links = [(text_of(link, "span"), link.attributes["href"]) for link in page().css(".terms a")]

    entries = {term.headword: term.preferred for term in load_glossary(KOREAN).entries if not term.stays_english}
    assert len(links) == len(entries) > 500
    assert [headword for headword, _ in links] == sorted(entries, key=str.casefold)
    for headword, address in links:
        parts = urlsplit(address or "")
        assert (parts.path, parse_qs(parts.query)) == ("search.html", {"q": [entries[headword]]})


def test_what_else_a_term_is_called_stands_beside_it() -> None:
    (term,) = (each for each in page().css(".terms li") if text_of(each, "a > span") == "fine-tuning")

    assert text_of(term, "b") == "미세 조정"
    assert "파인튜닝" in text_of(term, ".soft")


def test_every_letter_leads_to_its_terms() -> None:
    tree = page()

    targets = [link.attributes["href"] for link in tree.css(".letters a")]

    assert targets == [f"#{heading.attributes['id']}" for heading in tree.css(".terms h2")]
    assert [link.text() for link in tree.css(".letters a")][:3] == ["0–9", "A", "B"]


def test_the_pages_of_an_archive_lead_to_its_glossary_where_there_is_one() -> None:
    for language, leads in (("ko", True), ("pt", False)):
        files = archive_files(Archive(language=language), {})

        assert (GLOSSARY in files) is leads
        for name in ("latest.html", "index.html", "search.html"):
            assert (f'href="{GLOSSARY}"'.encode() in files[name].body) is leads
