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


def test_no_file_has_the_name_of_another_unless_a_command_calls_the_service_of_its_name() -> None:
    packages = (Path(shared.__file__).parents[1] / package for package in ("cli", "infra", "shared"))
    files = [file for package in packages for file in package.rglob("*.py") if not file.stem.startswith("__")]
    places: dict[str, set[str]] = {}
    for file in files:
        places.setdefault(file.stem, set()).add(file.parent.name)

    assert len(files) > 100
    assert {stem for stem, found in places.items() if len(found) > 1 and found != {"cli", "services"}} == set()
