"""Check the room on a disk before a backup or a restoration begins: finding out only
after an hour that it is too little loses the hour."""

import shutil
from pathlib import Path

from amana.errors import Refused

MIB = 1024**2


def require_room(folder: Path, needed: int) -> None:
    """Require that `needed` bytes are free. Raises `Refused`."""
    # `needed` is the most that lies there at one moment, so that what others write
    # meanwhile rarely matters.
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise Refused(
            f"There is not enough room in {folder.parent}: it takes "
            f"{-(-needed // MIB):,} MiB, and {free // MIB:,} MiB are free. Nothing was "
            "started. Make room there, and run the same command again."
        )
