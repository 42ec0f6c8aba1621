"""Room on a disk, asked before a backup or a restoration begins: who learns only after
an hour that it was too little has lost the hour."""

import shutil
from pathlib import Path

from amana.errors import Refused

MIB = 1024**2


def require(folder: Path, needed: int) -> None:
    """Refuse where less is free than `needed` bytes: what is reckoned is the most that
    lies there at one moment, so that what others write meanwhile rarely matters."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise Refused(
            f"There is not enough room in {folder.parent}: it takes "
            f"{-(-needed // MIB):,} MiB, and {free // MIB:,} MiB are free. Nothing was "
            "started. Make room there, and run the same command again."
        )
