"""What lies outside the database is there whole or not at all."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyrage
import pytest
from django.core.management import CommandError, call_command
from pyrage.x25519 import Identity

from amana import on_disk
from amana.errors import Refused
from amana.trust.backup import archives
from amana.trust.backup.archives import ArchiveHeader
from amana.trust.backup.parts import ArchivePart


def test_a_secret_is_made_once_and_for_our_eyes_only(tmp_path: Path) -> None:
    path = tmp_path / "keys/log.key"
    for text in ("first", "second"):
        on_disk.write_secret_once(path, text)

    assert path.read_text() == "first"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_a_key_is_on_the_disk_before_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the power may leave an empty one, with which no service begins."""
    done: list[str] = []
    fsync, link = os.fsync, os.link

    def see(descriptor: int) -> None:
        done.append("seen")
        fsync(descriptor)

    def name(made: Path, path: Path) -> None:
        done.append("named")
        link(made, path)

    monkeypatch.setattr(os, "fsync", see)
    monkeypatch.setattr(os, "link", name)

    on_disk.write_secret_once(tmp_path / "log.key", "x")

    assert done == ["seen", "named", "seen"]


def test_a_scratch_place_is_emptied_before_and_gone_after(tmp_path: Path) -> None:
    left = tmp_path / "scratch/left"
    left.mkdir(parents=True)
    (left / "dump").touch()

    with on_disk.make_scratch_folder(tmp_path / "scratch", busy="busy") as place:
        assert list(place.iterdir()) == []
        assert place.stat().st_mode & 0o777 == 0o700

    assert not place.exists()


def test_while_one_is_at_it_another_is_told_so(tmp_path: Path) -> None:
    place = tmp_path / "scratch"
    with (
        on_disk.make_scratch_folder(place, busy="first"),
        pytest.raises(Refused, match="second"),
        on_disk.make_scratch_folder(place, busy="second"),
    ):
        raise AssertionError("it had the place of another")


HOLDS_ON = f"""
import subprocess, sys
from pathlib import Path
from amana import on_disk
with on_disk.make_scratch_folder(Path(sys.argv[1]), busy=""):
    words = [{sys.executable!r}, "-c", "import sys; sys.stdin.read()"]
    subprocess.Popen(words, close_fds=False)
    import os, signal
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_child_that_lives_on_keeps_the_scratch_place(tmp_path: Path) -> None:
    """As the restoration of a drill that was killed."""
    place = tmp_path / "scratch"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS_ON, place], stdin=subprocess.PIPE
    ) as parent:
        parent.wait(30)
        with (
            pytest.raises(Refused),
            on_disk.make_scratch_folder(place, busy="it is held"),
        ):
            raise AssertionError("it was taken from a child")


def test_keys_of_backups_that_were_made_by_half_are_made_to_the_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("backup_keys", str(tmp_path))
    said = capsys.readouterr().out
    paths = {part: tmp_path / f"amana-backup-{part}.key" for part in ArchivePart}
    before = paths[ArchivePart.DATA].read_text()
    paths[ArchivePart.KEYS].unlink()

    call_command("backup_keys", str(tmp_path))

    again = capsys.readouterr().out
    assert paths[ArchivePart.DATA].read_text() == before
    assert said.splitlines()[0] == again.splitlines()[0]
    public = archives.read_identity(paths[ArchivePart.KEYS]).to_public()
    assert again.splitlines()[1] == f"BACKUP_KEYS_RECIPIENT={public}"
    with pytest.raises(CommandError, match="Nothing was written"):
        call_command("backup_keys", str(tmp_path))


def test_an_archive_whose_last_bytes_did_not_fit_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """age writes them as it ends, and says nothing of it."""
    dump = tmp_path / "dump"
    dump.write_bytes(os.urandom(200_000))
    encrypt = pyrage.encrypt_file

    def with_no_room(plain: str, to: str, recipients: Any) -> None:
        encrypt(plain, to, recipients)
        os.truncate(to, Path(to).stat().st_size - 8_192)

    def seal(name: str) -> None:
        recipient = Identity.generate().to_public()
        erased = tmp_path / "erased.list"
        archives.write_archive(
            tmp_path / name, ABOUT, dump, erased, recipient=recipient
        )

    seal("whole.age")
    monkeypatch.setattr(pyrage, "encrypt_file", with_no_room)
    with pytest.raises(OSError, match="No space left"):
        seal("cut.age")


ABOUT = ArchiveHeader(ArchivePart.DATA, "", "", "sqlite", {}, {}, 0, "", "")
