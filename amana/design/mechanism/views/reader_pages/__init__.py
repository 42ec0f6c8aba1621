"""Pages that every member of a team that takes part may read."""

from amana.design.mechanism.views.reader_pages.agreement_pages import (
    clocks,
    duties,
    glossary,
    indicators,
    law,
    sharing,
)
from amana.design.mechanism.views.reader_pages.version_pages import (
    about,
    build_address,
    found,
    get_step,
    now,
    step,
    steps,
    versions,
    who,
)

__all__ = [
    "about",
    "build_address",
    "clocks",
    "duties",
    "found",
    "get_step",
    "glossary",
    "indicators",
    "law",
    "now",
    "sharing",
    "step",
    "steps",
    "versions",
    "who",
]
