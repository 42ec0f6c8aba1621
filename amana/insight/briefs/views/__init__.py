"""Briefs for those who write, review and publish them."""

from amana.insight.briefs.views.brief_pages import (
    brief,
    briefs,
    edit,
    get_reader_language,
    new,
    new_report,
)
from amana.insight.briefs.views.edition_pages import (
    ask,
    build_file,
    file,
    go_on,
    look,
    publish,
    put_away,
)

__all__ = [
    "ask",
    "brief",
    "briefs",
    "build_file",
    "edit",
    "file",
    "get_reader_language",
    "go_on",
    "look",
    "new",
    "new_report",
    "publish",
    "put_away",
]
