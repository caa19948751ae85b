"""An assembly gets into the cloud, whatever state its stack is in."""

import os
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from infra.embedded.cloud import client
from infra.embedded.deploy import Asset, deploy, read_assembly
from infra.embedded.emulator import Emulator, fresh_key
from infra.embedded.state import hold
from shared.errors import CloudError
from tests.integration.embedded.assemblies import STACK, write_assembly

KEY = fresh_key()


@pytest.fixture
def endpoint(tmp_path: Path) -> Iterator[str]:
    with hold(tmp_path / "state") as folder:
        emulator = Emulator(folder, {}, KEY, read_assembly(write_assembly(tmp_path / "started"), STACK))
        yield emulator.start()
        emulator.kill()


def deployed(folder: Path, endpoint: str) -> dict[str, str]:
    services = {name: client(name, endpoint, KEY) for name in ("cloudformation", "s3", "scheduler")}
    return deploy(read_assembly(folder, STACK), **services)


def test_a_stack_that_could_not_be_created_is_created_afresh(endpoint: str, tmp_path: Path) -> None:
    broken = write_assembly(tmp_path / "broken", broken=True)
    with pytest.raises(CloudError, match=r"Broken \(AWS::SQS::Queue\): .*/absent"):
        deployed(broken, endpoint)
    with pytest.raises(CloudError, match=r"Broken \(AWS::SQS::Queue\): .*/absent"):
        deployed(broken, endpoint)
    assert "Bucket" in deployed(write_assembly(tmp_path / "whole"), endpoint)


def test_an_equal_template_is_no_update(endpoint: str, tmp_path: Path) -> None:
    assembly = write_assembly(tmp_path / "assembly")
    assert deployed(assembly, endpoint) == deployed(assembly, endpoint)


def test_a_folder_is_the_same_archive_wherever_and_whenever_it_was_written(tmp_path: Path) -> None:
    bodies = []
    for number, names in enumerate((("b.py", "a.py"), ("a.py", "b.py"))):
        folder = tmp_path / str(number)
        (folder / "package").mkdir(parents=True)
        for name in names:
            (folder / "package" / name).write_text(name)
            os.utime(folder / "package" / name, (number, number))
        bodies.append(Asset(folder, "bucket", "key").body())
    assert bodies[0] == bodies[1]
    assert zipfile.ZipFile(BytesIO(bodies[0])).namelist() == ["package/a.py", "package/b.py"]


def test_a_damaged_assembly_is_named(tmp_path: Path) -> None:
    folder = write_assembly(tmp_path / "assembly")
    (folder / "manifest.json").write_text("{")
    with pytest.raises(CloudError, match=r"assembly holds no assembly of a stack Tiny .* synthesise it again"):
        read_assembly(folder, STACK)
