"""What the database refuses, whoever asks: a version that was agreed never changes."""

import pytest
from django.db import DatabaseError, transaction

from amana.design.mechanism.fingerprints import compute_digest, compute_fingerprint
from amana.design.mechanism.models import Signature, State, Version, VersionFile

SQL_REFUSES = (DatabaseError,)


def refused(act) -> None:
    with pytest.raises(SQL_REFUSES), transaction.atomic():
        act()


def test_no_file_changes_outside_a_draft(discussed):
    files = VersionFile.objects.filter(version=discussed)
    before = dict(files.values_list("path", "sha256"))
    refused(lambda: files.update(content=b"other"))
    refused(lambda: files.get(path="law.yaml").delete())
    refused(
        lambda: VersionFile.objects.create(
            version=discussed, path="new.yaml", content=b"", sha256=compute_digest(b"")
        )
    )
    assert dict(files.values_list("path", "sha256")) == before


@pytest.mark.parametrize(
    "change",
    [
        {"sha256": "0" * 64},
        {"number": 9},
        {"state": State.DRAFT, "adopted_at": None},
        {"state": State.CONSULTATION, "adopted_at": None},
        {"adopted_by": None},
        {"renamed": {"meet": "greet"}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_adopted_version_stays_as_it_is(adopted, change):
    refused(lambda: Version.objects.filter(pk=adopted.pk).update(**change))
    assert Version.objects.get(pk=adopted.pk).sha256 == adopted.sha256


def test_what_was_in_force_does_not_come_back(in_force):
    versions = Version.objects.filter(pk=in_force.pk)
    refused(lambda: versions.update(state=State.ADOPTED, in_force_at=None))
    assert versions.get().state == State.IN_FORCE


def test_a_version_that_was_discussed_remains(discussed):
    refused(lambda: Version.objects.filter(pk=discussed.pk)._raw_delete("default"))
    assert Version.objects.filter(pk=discussed.pk).exists()


def test_a_signature_stays_as_it_was_given(adopted):
    signatures = Signature.objects.filter(version=adopted)
    refused(lambda: signatures.update(sha256="0" * 64))
    refused(lambda: signatures.earliest("pk").delete())
    assert signatures.count() == 2


def test_the_fingerprint_is_that_of_common_tools(draft, tmp_path):
    import subprocess

    for path, content in draft.content().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    command = "find * -type f | LC_ALL=C sort | xargs -d '\\n' sha256sum | sha256sum"
    said = subprocess.run(
        command, shell=True, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert said.stdout.split()[0] == draft.sha256
    assert compute_fingerprint([("a", compute_digest(b""))]) != compute_fingerprint(
        [("b", compute_digest(b""))]
    )
