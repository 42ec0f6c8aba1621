"""Typst, with our fonts alone; texts reach it as data and are never read as markup."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from amana.printing import print_process
from amana.printing.as_pdf import ARABIC, LATIN
from amana.ui import languages

HERE = Path(__file__).parent


def write_sheet(
    sheet: str,
    said: Mapping[str, object],
    kind: Literal["pdf", "png", "svg"],
    *,
    by: int | None,
) -> bytes:
    return print_process.print_sheet(
        HERE / sheet, json.dumps(said).encode(), kind, by=by
    )


def list_fonts(language: str) -> list[str]:
    rtl = languages.get_direction(language) == "rtl"
    return [ARABIC, LATIN] if rtl else [LATIN, ARABIC]
