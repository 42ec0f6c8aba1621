"""The nightly backup goes where the setting says."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from amana.trust.backup import making

pytestmark = pytest.mark.django_db


def test_a_backup_needs_to_know_where_to(settings: Any) -> None:
    settings.BACKUP_FOLDER = ""
    with pytest.raises(CommandError, match="BACKUP_FOLDER"):
        call_command("backup")


def test_without_a_folder_it_goes_where_the_setting_says(
    settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings.BACKUP_FOLDER = str(tmp_path)
    asked: list[Path] = []

    def make(to: Path, **sealed_to: Any) -> making.BackupFiles:
        asked.append(to)
        (to / "archive").write_text("sealed")
        return making.BackupFiles(to / "archive", to / "archive", None)  # type: ignore[arg-type]

    monkeypatch.setattr(making, "make_backup", make)
    monkeypatch.setattr(making, "get_recipients", dict)

    call_command("backup")
    call_command("backup", str(tmp_path))

    assert asked == [tmp_path, tmp_path]
