"""What fills the places in a pack's prose: the names are those of
`pack.placeholders.known`, and a test fills every one of them."""

from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _

from amana.design.mechanism import labels, prose
from amana.design.mechanism.documents.document_tables import (
    build_table,
    format_compartments,
)
from amana.design.mechanism.documents.source import PrintSource
from amana.design.mechanism.outline import OutlineStep
from amana.printing.document import (
    Blank,
    Block,
    Heading,
    Line,
    Paragraph,
    Points,
    TextRun,
)
from amana.ui import languages
from amana.ui.labels import format_list

TO_WRITE_ON = "…………………………"


def build_blocks(source: PrintSource, words: str, *, deeper: int = 0) -> list[Block]:
    """Build blocks from prose, with its places filled; headings `deeper` than
    written."""
    found: list[Block] = []
    for block in prose.parse_blocks(words):
        if block.kind == "table":
            found += build_table(source, block.place.removeprefix("table."))
        elif is_room(source, block):
            found.append(Blank("", 2))
        else:
            found.append(build_block(source, block, deeper))
    return found


def is_room(source: PrintSource, block: prose.ProseBlock) -> bool:
    """Check for a paragraph that is nothing but a place to write on."""
    return block.kind == "paragraph" and [
        run.words for line in block.lines for run in fill_places(source, line)
    ] == [TO_WRITE_ON]


def build_block(source: PrintSource, block: prose.ProseBlock, deeper: int) -> Block:
    lines = tuple(fill_places(source, line) for line in block.lines)
    if block.kind == "heading":
        words = "".join(run.words for run in lines[0])
        return Heading(block.level + deeper, words)
    if block.kind in ("points", "numbered"):
        return Points(lines, ordered=block.kind == "numbered")
    return Paragraph(lines[0])


def fill_places(
    source: PrintSource,
    line: prose.Line,
    *,
    strong: bool = False,
    emphasis: bool = False,
) -> Line:
    found: list[TextRun] = []
    for run in line:
        if run.kind == "place":
            words = format_place(source, run.words)
            found.append(TextRun(words, strong and words != TO_WRITE_ON, emphasis))
        elif run.within:
            found += fill_places(
                source,
                run.within,
                strong=strong or run.kind == "strong",
                emphasis=emphasis or run.kind == "emphasis",
            )
        else:
            found.append(TextRun(run.words, strong, emphasis))
    return tuple(found)


def format_place(source: PrintSource, place: str) -> str:
    """Format what belongs at a place; the place itself if the pack does not know it."""
    pack, seen = source.pack, source.seen
    match place.split("."):
        case ["mechanism", name]:
            return format_mechanism_place(source, name)
        case ["role", role, name] if role in pack.roles:
            return format_role_place(source, role, name)
        case ["organisation", code, "name"]:
            return source.organisation(code)
        case ["partner", partner, "title"]:
            return source.role(partner)
        case ["step", step, name] if step in seen.steps:
            return format_step_place(source, seen.steps[step], name)
        case ["clock", urgency, name] if name in pack.clocks.get(urgency, {}):
            return labels.format_span(pack.clocks[urgency][name].written)
        case ["form", name, "title"]:
            return source.form(name)
        case ["sharing", sphere] if sphere in pack.sharing:
            return format_compartments(pack.sharing[sphere])
        case ["decision", name, "title"]:
            return format_decision_title(source, name)
        # Only the person can fill it in, so the paper has a line there.
        case ["consent", _name]:
            return TO_WRITE_ON
        case _:
            return place


def format_mechanism_place(source: PrintSource, name: str) -> str:
    pack = source.pack
    if name == "languages":
        return format_list(languages.format_language(code) for code in pack.languages)
    if name == "review_on":
        return date_format(pack.review_on, _("j F Y")) if pack.review_on else ""
    words = {
        "title": pack.title,
        "notice": pack.notice,
        "jurisdiction": pack.jurisdiction,
    }
    return source.says(words[name])


def format_role_place(source: PrintSource, role: str, name: str) -> str:
    found = source.pack.roles[role]
    if name == "who":
        return format_list(source.organisation(code) for code in found.who)
    return source.says(
        {"title": found.title, "does": found.does, "calls": found.calls}[name]
    )


def format_step_place(source: PrintSource, step: OutlineStep, name: str) -> str:
    if name == "due":
        longest = next((lead.after for lead in step.leads if lead.after), {})
        return labels.format_clocks(step.due or longest)
    if name == "remind":
        return labels.format_clocks(step.remind)
    if name == "late":
        return source.roles(step.late)
    if name == "role":
        return source.role(step.role)
    if name == "form":
        return source.form_of(step)
    return source.says(step.how) if name == "how" else source.step(step.id)


def format_decision_title(source: PrintSource, name: str) -> str:
    plain = source.pack.plain.get(f"decisions/{name}.yaml") or {}
    return source.says(plain.get("title") or {}) or labels.format_code_without_words(
        name
    )
