"""An installation in which all is well, and what its checks find wrong."""

import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from amana.trust.alarms import timer_runs
from amana.trust.alarms.models import TimerRun
from amana.trust.audit import sealing
from amana.trust.operation import checks
from amana.trust.operation.checks import GIB
from amana.trust.vault import heartbeat
from tests.patching import replace_everywhere

from .installations import Post, disk, make_backup, make_translations


@pytest.fixture
def well(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation in which all is well."""
    settings.PRODUCTION = True
    settings.DEMO = False
    settings.ADDRESS = "https://amana.example.org"
    settings.ALLOWED_HOSTS = ["amana.example.org", "testserver"]
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.MAIL_HOST = "localhost"
    settings.BACKUP_DATA_RECIPIENT, settings.BACKUP_KEYS_RECIPIENT = "age1a", "age1b"
    settings.VAR = tmp_path
    settings.BACKUP_FOLDER = str(tmp_path / "backups")
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    for name in ("ERASED_LIST", "FACTS_KEY_FILE", "LTI_KEY_FILE", "WITNESS_KEY_FILE"):
        setattr(settings, name, tmp_path / name.lower())
        (tmp_path / name.lower()).touch(mode=0o600)
    settings.CERTIFICATE_KEYS = tmp_path / "certificates"
    settings.CERTIFICATE_KEYS.mkdir(mode=0o700)
    make_backup(tmp_path / "backups")
    make_translations(tmp_path / "locale")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: disk(free=50 * GIB))
    private = checks.list_private_files
    replace_everywhere(
        monkeypatch,
        checks,
        "list_private_files",  # those of the tests' own database are not looked at
        lambda: [path for path in private() if path.is_relative_to(tmp_path)],
    )
    replace_everywhere(monkeypatch, checks, "mailers", SimpleNamespace(default=Post()))
    TimerRun.objects.all().delete()
    timer_runs.notify_missed()
    TimerRun.objects.update(tried_at=timezone.now())
    heartbeat.record_heartbeat()
    sealing.seal_all()
