"""Courses that came along as folders and can be published here."""

from pathlib import Path

from django.conf import settings

FOLDER: Path = settings.ROOT / "courses"


def map_folders() -> dict[str, Path]:
    """Map each course's name to its folder."""
    if not FOLDER.is_dir():
        return {}
    return {
        path.name: path
        for path in sorted(FOLDER.iterdir())
        if (path / "course.yaml").is_file()
    }
