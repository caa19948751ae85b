"""What a function is made of: its handler, and everything of ours that the handler imports."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[1]


def modules_of(function: str) -> set[Path]:
    """The files of the function's handler and of everything of ours that it imports, directly or not."""
    found: set[Path] = set()
    waiting = [ROOT / "functions" / function / "handler.py"]
    while waiting:
        module = waiting.pop()
        if module in found or not module.exists():
            continue
        found.add(module)
        for node in ast.walk(ast.parse(module.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module:
                folder = ROOT.joinpath(*node.module.split("."))
                waiting += [folder.with_suffix(".py"), folder / "__init__.py"]
                waiting += [folder / f"{alias.name}.py" for alias in node.names]
    return found
