"""The examples in docstrings are true."""

import doctest
import importlib
import pkgutil

import pytest

import shared

MODULES = [
    *(module.name for module in pkgutil.walk_packages(shared.__path__, "shared.")),
    "cli.showing.terminal",
    "cli.values",
]
TRANSFORMS = {"cli.showing.terminal", "cli.values", "shared.text.sentences", "shared.languages.ko.style"}


@pytest.mark.parametrize("name", MODULES)
def test_examples_give_what_they_say(name: str) -> None:
    outcome = doctest.testmod(importlib.import_module(name))

    assert outcome.failed == 0
    assert outcome.attempted > 0 or name not in TRANSFORMS
