"""The mechanism from which the work of learners begins."""

from pathlib import Path

import pytest

from amana.design.mechanism.pack import files, reading
from amana.design.mechanism.pack.pack_model import Pack

FOLDER = Path(__file__).parents[5] / "mechanisms" / "example"


@pytest.fixture(scope="package")
def base() -> Pack:
    pack, faults = reading.read_pack(files.read_folder(FOLDER))
    assert pack is not None, faults
    return pack
