"""One name for one thing: whoever reads a class's name in the domain need not ask which one is meant."""

import ast
from collections import Counter
from pathlib import Path

import shared


def test_no_class_of_the_domain_has_the_name_of_another() -> None:
    files = Path(shared.__file__).parent.rglob("*.py")
    trees = [ast.parse(path.read_bytes()) for path in files]
    names = Counter(node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef))

    assert len(names) > 50
    assert [name for name, count in names.items() if count > 1] == []
