"""Typst, with our fonts alone; texts reach it as data and are never read as markup."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import typst

from amana.design.mechanism.paper.as_pdf import ARABIC, FONTS, LATIN
from amana.ui import languages

HERE = Path(__file__).parent


def typeset(
    sheet: str, said: Mapping[str, object], kind: Literal["pdf", "png", "svg"]
) -> bytes:
    made = typst.compile(
        str(HERE / sheet),
        root=str(HERE),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        format=kind,
        ppi=144 if kind == "png" else None,
        sys_inputs={"said": json.dumps(said, ensure_ascii=False)},
        timestamp=0,
    )
    assert isinstance(made, bytes), "one page"
    return made


def fonts_of(language: str) -> list[str]:
    rtl = languages.direction(language) == "rtl"
    return [ARABIC, LATIN] if rtl else [LATIN, ARABIC]
