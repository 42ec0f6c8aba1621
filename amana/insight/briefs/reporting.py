"""The national report of a year: what a signed release shows, what was recommended and
what was done, at an address that others can cite."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import override

from amana.insight.briefs.brief_checks import OPEN
from amana.insight.briefs.chart import ChartColumn, ColumnChart
from amana.insight.briefs.drafting import draft_limits
from amana.insight.briefs.models import Brief
from amana.insight.briefs.parts import REPORT
from amana.insight.briefs.texts import BriefText, format_day, load_text
from amana.insight.feedback.models import Change
from amana.insight.measure import figure_view
from amana.insight.release.models import Release
from amana.insight.release.published_tables import PublishedTable, build_shelves
from amana.printing import document as tree
from amana.printing.document import Block, Document, Line, Picture
from amana.ui.labels import format_list

MOST_LINES = 12


def draft_report(release: Release, language: str) -> dict[str, str]:
    """Draft what a report says before a person wrote in it, in the language that is
    active."""
    titles = {"year": release.year}
    return {
        "title": _("National report %(year)s") % titles,
        "summary": " ".join(
            (
                _("This report covers what was counted from {since} to {until}."),
                _("It also covers what was recommended and what was done."),
                OPEN,
            )
        ),
        "done": "\n".join(list_done(release, language)) or OPEN,
        "recommendations": "\n".join(list_asked(release, language)) or OPEN,
        "limits": draft_limits(),
        "contacts": OPEN,
        "plain_what": _("This report shows how people were helped in a year."),
        "plain_ask": " ".join(
            (
                _("It shows what should get better."),
                _("Those who decide can read it."),
            )
        ),
        "plain_next": _("Next year we count again, and publish the results."),
    }


def list_done(release: Release, language: str) -> list[str]:
    """List what changed because enough people reported the same: it is public
    already."""
    changes = Change.objects.shown().filter(published_at__year=release.year)
    said = (
        change.did.get(language, "") for change in changes.order_by("pk")[:MOST_LINES]
    )
    return [words for words in said if words]


def list_asked(release: Release, language: str) -> list[str]:
    """List what the briefs of that year ask for."""
    briefs = Brief.objects.briefs().in_force().filter(year=release.year)
    out = [brief for brief in briefs.order_by("pk") if language in brief.languages]
    return [load_text(brief).raw("title", language) for brief in out[:MOST_LINES]]


def build_document(text: BriefText, language: str, address: str = "") -> Document:
    """Build the document, with a page of its own for the title and the contents."""
    with override(language):
        return Document(
            title=text.said("title", language),
            of=get_release(text).mechanism or _("National report"),
            language=language,
            blocks=tuple(build_blocks(text, language, address)),
            facts=tuple(list_facts(text)),
            contents=_("Contents"),
            notice="" if text.brief.is_published else _("Draft, not yet published."),
            foot=format_name(text, language),
        )


def list_facts(text: BriefText) -> Iterator[tuple[str, Line]]:
    """List which report it is."""
    brief, release = text.brief, get_release(text)
    if brief.published_at is not None:
        day = format_day(brief.published_at.date().isoformat())
        yield _("Edition"), tree.build_line(f"{brief.edition} · {day}")
    days = {"since": text.day("since"), "until": text.day("until")}
    yield _("Counted"), tree.build_line(_("%(since)s to %(until)s") % days)
    signed = _("release %(n)s, signed by two people") % {"n": release.pk}
    yield _("Figures"), tree.build_line(signed)


def get_release(text: BriefText) -> Release:
    release = text.brief.release
    assert release is not None
    return release


def format_citation(text: BriefText, language: str, address: str) -> Line:
    """Format how others cite it, and where it is; an address runs from left to
    right."""
    named = tree.TextRun(format_name(text, language))
    return (
        (named, tree.TextRun(", "), tree.TextRun(address, code=True))
        if address
        else (named,)
    )


def format_name(text: BriefText, language: str) -> str:
    """Format the report's name, with its edition."""
    brief = text.brief
    if brief.published_at is None:
        return text.said("title", language)
    said = {
        "who": get_release(text).mechanism or "Amana",
        "title": text.said("title", language),
        "number": brief.edition,
        "day": format_day(brief.published_at.date().isoformat()),
    }
    return _("%(who)s: %(title)s, edition %(number)s, %(day)s") % said


TITLES = {section.code: section.title for section in REPORT}


def build_blocks(text: BriefText, language: str, address: str) -> Iterator[Block]:
    """Build the blocks: what one has to know first; then each table."""
    some = build_shelves(get_release(text))
    yield tree.Heading(1, str(TITLES["opening"]))
    yield tree.build_paragraph(text.said("summary", language), "lead")
    if large := tuple(list_first_figures(some)):
        yield tree.Numbers(large)
    for section in ("recommendations", "done"):
        yield tree.Heading(1, str(TITLES[section]))
        lines = text.said(section, language).splitlines()
        yield tree.build_points(filter(None, map(str.strip, lines)))
    yield from build_tables(some)
    yield from build_groups(some, language)
    yield tree.Heading(1, str(TITLES["limits"]))
    yield tree.build_paragraph(text.said("limits", language))
    yield tree.Paragraph(
        tree.build_labelled(_("Who to ask"), text.said("contacts", language))
    )
    yield tree.Heading(1, _("How to cite it"))
    yield tree.Paragraph(format_citation(text, language, address))


def list_first_figures(some: list[PublishedTable]) -> Iterator[tuple[str, str, str]]:
    """List the first figures of all people that are shown."""
    whole = [x for x in some if x.is_whole and not x.rows[0].line.shown.hidden]
    for shelf in whole[:MOST_LARGE]:
        line = shelf.rows[0].line
        sure = _("confidence interval: %(between)s") % {"between": line.between}
        said = (line.counted, sure if line.between else "")
        yield line.value, shelf.title, " · ".join(filter(None, said))


def build_tables(some: list[PublishedTable]) -> Iterator[Block]:
    """Build one table of the figures of all people."""
    yield tree.Heading(1, _("The figures"))
    whole = [(x.title, x.rows[0].line) for x in some if x.is_whole]
    if whole:
        yield build_table(_("Figure"), whole)


def build_groups(some: list[PublishedTable], language: str) -> Iterator[Block]:
    """Build what is shown of each figure's groups, with a chart of the first split."""
    split = [shelf for shelf in some if not shelf.is_whole and shelf.rows]
    if split:
        yield tree.Heading(1, _("By groups"))
    for title, of_one in groupby(split, key=lambda shelf: shelf.title):
        yield tree.Heading(2, title)
        every = list(of_one)
        shown = [shelf for shelf in every if shelf.hidden < len(shelf.rows)]
        for shelf in shown[:1]:
            if len(shelf.one.by) == 1 and not shelf.is_distribution:
                yield from draw_shelf(shelf, language)
        for shelf in shown:
            yield from build_rows(shelf)
        if hidden := [format_split(shelf) for shelf in every if shelf not in shown]:
            said = {"splits": format_list(hidden)}
            words = (
                _("Not shown, so that no one can be identified: by %(splits)s.") % said
            )
            yield tree.build_paragraph(words, "quiet")


def format_split(shelf: PublishedTable) -> str:
    return shelf.split if len(shelf.one.by) > 1 else shelf.last_split


def draw_shelf(shelf: PublishedTable, language: str) -> Iterator[Block]:
    shown = [row for row in shelf.rows if not row.line.shown.hidden]
    if not FEWEST_COLUMNS <= len(shown) <= MOST_COLUMNS:
        return
    some = [ChartColumn(x.line.label, x.line.shown.best, x.line.value) for x in shown]
    said = "; ".join(f"{column.label}: {column.words}" for column in some)
    yield Picture(ColumnChart(shelf.title, some, language), f"{shelf.title}. {said}")


def build_rows(shelf: PublishedTable) -> Iterator[Block]:
    """Build a table of what is shown; what is not, in a line below it."""
    named = [
        (" · ".join(filter(None, (row.before, row.line.label))), row.line)
        for row in shelf.rows
    ]
    head = format_split(shelf)
    yield build_table(head, [(name, x) for name, x in named if not x.shown.hidden])
    # Named, because a group that is simply missing would be read as none.
    hidden = [name for name, line in named if line.shown.hidden]
    if hidden:
        several = len(hidden) > MOST_HIDDEN
        groups = (
            _("%(n)s groups") % {"n": len(hidden)} if several else format_list(hidden)
        )
        words = _("%(by)s, not shown so that no one can be identified: %(groups)s.")
        yield tree.build_paragraph(words % {"by": head, "groups": groups}, "quiet")


def build_table(
    head: str, lines: Sequence[tuple[str, figure_view.TableLine]]
) -> tree.Table:
    """Build a table with those columns that have content."""
    columns = (
        (_("Value"), 2, [line.value for _name, line in lines]),
        (
            _("95 per cent confidence interval"),
            3,
            [line.between for _name, line in lines],
        ),
        (_("Counted"), 3, [line.counted for _name, line in lines]),
    )
    kept = [column for column in columns if any(column[2])]
    rows = tuple(
        tree.build_row(name, *(cells[nth] or "–" for _title, _wide, cells in kept))
        for nth, (name, _line) in enumerate(lines)
    )
    titles = (title for title, _wide, _cells in kept)
    widths = (wide for _title, wide, _cells in kept)
    return tree.Table((head, *titles), rows, (5, *widths))


MOST_LARGE = 3
FEWEST_COLUMNS, MOST_COLUMNS = 2, 8
MOST_HIDDEN = 12
