"""The toolkit is whole, and the mechanism in it is the same mechanism elsewhere."""

import zipfile
from dataclasses import replace
from io import BytesIO

import pytest
from django.core.management import CommandError, call_command

from amana.design.mechanism import actions
from amana.design.mechanism.documents import toolkit
from amana.design.mechanism.documents.document_catalogue import list_papers
from amana.design.mechanism.documents.source import build_file_edition
from amana.design.mechanism.fingerprints import compute_digest, compute_fingerprint
from amana.design.mechanism.pack import files, reading
from amana.design.mechanism.tests.packs import small


@pytest.fixture(scope="module")
def pack():
    found, faults = reading.read_pack(small())
    assert found, faults
    return replace(found, languages=("en", "ar"))


@pytest.fixture(scope="module")
def kit(pack):
    pieces = toolkit.iterate_zip(pack, build_file_edition(pack.files), by=None)
    return zipfile.ZipFile(BytesIO(b"".join(pieces)))


def named(content):
    return compute_fingerprint(
        (path, compute_digest(file)) for path, file in content.items()
    )


def test_the_toolkit_has_every_document_in_every_language(kit, pack):
    assert kit.testzip() is None
    assert set(kit.namelist()) == {"README.txt", toolkit.MECHANISM} | {
        f"{language}/{paper.kind}.{shape}"
        for language in ("en", "ar")
        for paper in list_papers(pack).values()
        for shape in paper.shapes
    }
    assert all(kit.read(name) for name in kit.namelist())


def test_the_mechanism_in_it_loads_elsewhere_and_is_the_same(kit, pack, coordinator):
    brought = files.read_zip(kit.read(toolkit.MECHANISM))
    version = actions.load_draft(brought, by=coordinator)
    assert version.sha256 == named(pack.files)
    assert version.pack.title == pack.title


def test_a_ministry_prints_from_a_folder_alone(tmp_path):
    files.write_folder(small(), tmp_path / "pack")
    call_command(
        "paper", str(tmp_path / "pack"), str(tmp_path / "out"), language=["ar"]
    )
    assert not (tmp_path / "out" / "en").exists()
    assert (tmp_path / "out" / "ar" / "sop.pdf").read_bytes().startswith(b"%PDF")
    assert named(files.read_zip((tmp_path / "out" / "mechanism.zip").read_bytes())) == (
        named(small())
    )


def test_a_pack_with_a_fault_is_not_printed(tmp_path):
    spoilt = {**small(), "law.yaml": b"what: is this"}
    files.write_folder(spoilt, tmp_path / "pack")
    with pytest.raises(CommandError, match="to fix"):
        call_command("paper", str(tmp_path / "pack"), str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_a_language_that_the_pack_does_not_speak_is_refused(tmp_path):
    files.write_folder(small(), tmp_path / "pack")
    with pytest.raises(CommandError, match="is not written in so"):
        call_command(
            "paper", str(tmp_path / "pack"), str(tmp_path / "out"), language=["so"]
        )
