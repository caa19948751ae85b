"""A glossary's terminology: its name is what says whether it is the one that is wanted."""

import re

from shared.engines.terminology import terminology_of
from shared.languages.glossary import Glossary, Term, load_glossary
from shared.languages.table import find_language

AGENT = Term(("agent", "agents"), "에이전트")
CLIP = Term(("CLIP",), "CLIP")


def test_the_name_is_one_that_the_service_takes_and_changes_with_the_content() -> None:
    one = terminology_of(Glossary(find_language("ko"), (AGENT,)))
    same = terminology_of(Glossary(find_language("ko"), (AGENT, CLIP)))
    other = terminology_of(Glossary(find_language("ko"), (Term(("agent", "agents"), "대리인"),)))

    assert one is not None
    assert other is not None
    assert one == same
    assert one.name != other.name
    # https://docs.aws.amazon.com/translate/latest/APIReference/API_ImportTerminology.html
    assert re.fullmatch(r"([A-Za-z0-9-]_?)+", one.name)
    assert re.fullmatch(r"chorok-en-ko-[0-9a-f]{8}", one.name)


def test_a_glossary_without_a_term_to_translate_has_none() -> None:
    assert terminology_of(Glossary(find_language("ko"), (CLIP,))) is None
    assert terminology_of(load_glossary(find_language("pt"))) is None
