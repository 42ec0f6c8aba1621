"""`results.md`: a section for each thing measured, rewritten by its own benchmark."""

import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).parent / "results.md"
TITLE = "# What must stay fast"


def put(section: str, text: str) -> None:
    """Write a section in place of the one with the same heading, or after the last."""
    known = RESULTS.read_text() if RESULTS.exists() else ""
    parts = re.split(r"^## ", known, flags=re.MULTILINE)[1:]
    sections = {p.partition("\n")[0]: p.partition("\n")[2].strip() for p in parts}
    sections[section] = text.strip()
    written = [f"## {name}\n\n{sections[name]}" for name in sorted(sections)]
    RESULTS.write_text("\n\n".join([TITLE, *written]) + "\n")


def measured() -> str:
    """When, where and on what: the beginning of each section."""
    from django.db import connection

    version = ".".join(map(str, connection.get_database_version()))
    return (
        f"Measured on {datetime.now(UTC):%d %B %Y}: {machine()}; "
        f"Python {platform.python_version()}, {connection.display_name} {version}; "
        f"load average {os.getloadavg()[0]:.0f}."
    )


def machine() -> str:
    """The processor and how many of its cores there are."""
    cpu = platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        models = [x for x in info.read_text().splitlines() if "model name" in x]
        cpu = models[0].partition(":")[2].strip() if models else cpu
    return f"{os.cpu_count()} cores of {cpu}"
