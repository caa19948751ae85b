"""A state folder of somebody else is not touched."""

import os
from pathlib import Path

import pytest

from infra.embedded import keeper
from infra.embedded.ownership import claim, require_own
from infra.embedded.state import hold
from shared.errors import CloudError


def test_a_folder_belongs_to_who_made_it_and_nobody_else_looks_into_it(tmp_path: Path) -> None:
    with hold(tmp_path / "state") as folder:
        assert folder.root.stat().st_mode & 0o777 == 0o700
    with hold(tmp_path / "state"):
        pass


def test_a_folder_that_came_from_somewhere_else_is_refused_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given
    with monkeypatch.context() as stranger:
        stranger.setenv("XDG_CONFIG_HOME", str(tmp_path / "stranger"))
        claim(tmp_path / "state")
    # when
    for touch in (claim, require_own, keeper.running, keeper.down):
        with pytest.raises(CloudError) as refused:
            touch(tmp_path / "state")
    # then
    assert "was made by another user" in str(refused.value)
    assert f"remove the file {tmp_path}/state/identity" in str(refused.value)
    (tmp_path / "state" / "identity").unlink()
    claim(tmp_path / "state")


@pytest.mark.skipif(os.getuid() != 0, reason="root: gives a folder to another user")
def test_a_folder_of_another_user_is_refused(tmp_path: Path) -> None:
    claim(tmp_path / "state")
    os.chown(tmp_path / "state", 65534, 65534)
    with pytest.raises(CloudError, match="belongs to another user; give another --state"):
        claim(tmp_path / "state")


def test_a_folder_of_a_version_that_left_no_identity_goes_on(tmp_path: Path) -> None:
    (tmp_path / "saved").mkdir()
    tmp_path.chmod(0o755)
    claim(tmp_path)
    assert (tmp_path / "identity").stat().st_mode & 0o777 == 0o600
    assert tmp_path.stat().st_mode & 0o777 == 0o700


def test_where_the_configuration_cannot_be_written_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "file"))
    with pytest.raises(CloudError, match=r"file/chorok/identity, .* cannot be used: Not a directory.*XDG_CONFIG_HOME"):
        claim(tmp_path / "state")
