"""What fills the places in a pack's prose: the names are those of
`pack.placeholders.known`, and a test fills every one of them."""

from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _

from amana.design.mechanism import prose, sentences
from amana.design.mechanism.outline import Step
from amana.design.mechanism.paper.document import (
    Blank,
    Block,
    Heading,
    Line,
    Paragraph,
    Points,
    Run,
)
from amana.design.mechanism.paper.source import Source
from amana.design.mechanism.paper.tables import compartments, table
from amana.ui import languages
from amana.ui.sentences import listed

TO_WRITE_ON = "…………………………"


def blocks_of(source: Source, words: str, *, deeper: int = 0) -> list[Block]:
    """Build blocks from prose, with its places filled; headings `deeper` than
    written."""
    found: list[Block] = []
    for block in prose.blocks(words):
        if block.kind == "table":
            found += table(source, block.place.removeprefix("table."))
        elif is_room(source, block):
            found.append(Blank("", 2))
        else:
            found.append(block_of(source, block, deeper))
    return found


def is_room(source: Source, block: prose.Block) -> bool:
    """Check for a paragraph that is nothing but a place to write on."""
    return block.kind == "paragraph" and [
        run.words for line in block.lines for run in filled(source, line)
    ] == [TO_WRITE_ON]


def block_of(source: Source, block: prose.Block, deeper: int) -> Block:
    lines = tuple(filled(source, line) for line in block.lines)
    if block.kind == "heading":
        words = "".join(run.words for run in lines[0])
        return Heading(block.level + deeper, words)
    if block.kind in ("points", "numbered"):
        return Points(lines, ordered=block.kind == "numbered")
    return Paragraph(lines[0])


def filled(
    source: Source, line: prose.Line, *, strong: bool = False, emphasis: bool = False
) -> Line:
    found: list[Run] = []
    for run in line:
        if run.kind == "place":
            words = said_at(source, run.words)
            found.append(Run(words, strong and words != TO_WRITE_ON, emphasis))
        elif run.within:
            found += filled(
                source,
                run.within,
                strong=strong or run.kind == "strong",
                emphasis=emphasis or run.kind == "emphasis",
            )
        else:
            found.append(Run(run.words, strong, emphasis))
    return tuple(found)


def said_at(source: Source, place: str) -> str:
    """Format what belongs at a place; the place itself if the pack does not know it."""
    pack, seen = source.pack, source.seen
    match place.split("."):
        case ["mechanism", name]:
            return of_mechanism(source, name)
        case ["role", role, name] if role in pack.roles:
            return of_role(source, role, name)
        case ["organisation", code, "name"]:
            return source.organisation(code)
        case ["partner", partner, "title"]:
            return source.role(partner)
        case ["step", step, name] if step in seen.steps:
            return of_step(source, seen.steps[step], name)
        case ["clock", urgency, name] if name in pack.clocks.get(urgency, {}):
            return sentences.in_words(pack.clocks[urgency][name].written)
        case ["form", name, "title"]:
            return source.form(name)
        case ["sharing", sphere] if sphere in pack.sharing:
            return compartments(pack.sharing[sphere])
        case ["decision", name, "title"]:
            return decision_title(source, name)
        # Only the person can fill it in, so the paper has a line there.
        case ["consent", _name]:
            return TO_WRITE_ON
        case _:
            return place


def of_mechanism(source: Source, name: str) -> str:
    pack = source.pack
    if name == "languages":
        return listed(languages.name(code) for code in pack.languages)
    if name == "review_on":
        return date_format(pack.review_on, _("j F Y")) if pack.review_on else ""
    words = {
        "title": pack.title,
        "notice": pack.notice,
        "jurisdiction": pack.jurisdiction,
    }
    return source.says(words[name])


def of_role(source: Source, role: str, name: str) -> str:
    found = source.pack.roles[role]
    if name == "who":
        return listed(source.organisation(code) for code in found.who)
    return source.says(
        {"title": found.title, "does": found.does, "calls": found.calls}[name]
    )


def of_step(source: Source, step: Step, name: str) -> str:
    if name == "due":
        longest = next((lead.after for lead in step.leads if lead.after), {})
        return sentences.clocks_in_words(step.due or longest)
    if name == "remind":
        return sentences.clocks_in_words(step.remind)
    if name == "late":
        return source.roles(step.late)
    if name == "role":
        return source.role(step.role)
    if name == "form":
        return source.form_of(step)
    return source.says(step.how) if name == "how" else source.step(step.id)


def decision_title(source: Source, name: str) -> str:
    plain = source.pack.plain.get(f"decisions/{name}.yaml") or {}
    return source.says(plain.get("title") or {}) or sentences.readable(name)
