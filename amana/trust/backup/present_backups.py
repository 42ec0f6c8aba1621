"""Which backups lie on this server."""

from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from amana.trust.backup.parts import ArchivePart


def get_last_backup() -> datetime | None:
    """Get when the newest pair in `BACKUP_FOLDER` was made; half a pair opens
    nothing."""
    if not settings.BACKUP_FOLDER:
        return None
    folder = Path(settings.BACKUP_FOLDER)
    data = folder.glob(f"amana-{ArchivePart.DATA}-*.age")
    whole = [path for path in data if _is_whole(path) and _is_whole(_keys_of(path))]
    newest = max((path.stat().st_mtime for path in whole), default=None)
    return None if newest is None else datetime.fromtimestamp(newest, UTC)


def _keys_of(data: Path) -> Path:
    prefix, stamp = f"amana-{ArchivePart.DATA}-", data.name
    return data.with_name(f"amana-{ArchivePart.KEYS}-{stamp.removeprefix(prefix)}")


def _is_whole(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0
