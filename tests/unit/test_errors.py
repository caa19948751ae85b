"""The tree of errors, drawn where they are defined, is the one there is."""

import re
from collections.abc import Iterator

from shared import errors
from shared.errors import ChorokError


def drawn() -> Iterator[tuple[int, str, str]]:
    """Depth, name and meaning of each error in the drawing, in its order."""
    assert errors.__doc__ is not None
    for line in errors.__doc__.splitlines():
        found = re.fullmatch(r"    (?P<branch>[│├└─ ]*)(?P<name>[A-Z]\w+)(?: +(?P<meaning>\S.*))?", line)
        if found:
            yield len(found["branch"]) // 4, found["name"], found["meaning"] or ""


def defined(error: type[ChorokError] = ChorokError, depth: int = 0) -> Iterator[tuple[int, str]]:
    """Depth and name of each error of the module, in the order in which they are defined."""
    yield depth, error.__name__
    for child in error.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from defined(child, depth + 1)


def test_the_tree_is_drawn_as_it_is() -> None:
    assert [(depth, name) for depth, name, _ in drawn()] == list(defined())


def test_the_drawing_says_of_every_error_what_it_means() -> None:
    assert [name for depth, name, meaning in drawn() if depth and not meaning] == []
