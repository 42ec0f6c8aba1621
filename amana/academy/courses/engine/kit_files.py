"""Read a piece of a session's kit: a guide, slides, cards, a brief, a checklist."""

from amana.academy.courses.engine.markdown_files import MarkdownFile, read_markdown
from amana.faults import gettext_noop

NO_HEAD = gettext_noop(
    "A piece of a session kit begins with a line of three hyphens, its details, and "
    "another line of three hyphens."
)


def read_kit_file(
    file: str, content: bytes, *, folder: str, language: str, part: str
) -> MarkdownFile:
    place = {"folder": folder, "language": language, "part": part}
    return read_markdown(file, content, NO_HEAD, **place)
