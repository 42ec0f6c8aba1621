"""A brief on paper: two pages that a decision-maker reads before a meeting."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import override

from amana.insight.briefs import releasing, reporting
from amana.insight.briefs.chart import ChartColumn, ColumnChart
from amana.insight.briefs.cited_figures import SafeFigure
from amana.insight.briefs.models import BriefKind
from amana.insight.briefs.parts import BEST, BRIEF, CRITERIA, FIGURES, OPTIONS
from amana.insight.briefs.texts import BriefText, format_day
from amana.insight.measure.figure_view import keep_on_one_line
from amana.printing import document as tree
from amana.printing import print_process
from amana.printing.document import Block, Document, Picture
from amana.printing.print_process import FittedPDF
from amana.ui.labels import format_list

SIZES = (11.5, 11.0, 10.5, 10.0, 9.5, 9.0, 8.5)
"""Of its letters, in points: as large as fits."""
MOST_PAGES = 2


def build_document(text: BriefText, language: str, address: str = "") -> Document:
    """Build the document in this language, whatever the reader's own is."""
    if text.brief.kind == BriefKind.REPORT:
        return reporting.build_document(text, language, address)
    with override(language):
        return Document(
            title=text.said("title", language),
            of=_("Policy brief"),
            language=language,
            blocks=tuple(build_blocks(text, language)),
            notice=format_notice(text),
            foot=format_foot(text),
            points=SIZES[0],
        )


def format_notice(text: BriefText) -> str:
    return "" if text.brief.is_published else _("Draft, not yet published.")


def format_foot(text: BriefText) -> str:
    brief = text.brief
    if brief.published_at is None:
        return _("Policy brief")
    return _("Policy brief %(number)s, published on %(day)s") % {
        "number": brief.pk,
        "day": format_day(brief.published_at.date().isoformat()),
    }


def build_blocks(text: BriefText, language: str) -> Iterator[Block]:
    def said(part: str) -> str:
        return text.said(part, language)

    def points(part: str) -> tree.Points:
        return tree.build_points(filter(None, map(str.strip, said(part).splitlines())))

    yield tree.build_paragraph(said("message"), "lead")
    yield tree.Paragraph(tree.build_labelled(_("Who decides"), said("who")))
    yield tree.Paragraph(tree.build_labelled(_("By when"), text.day("by_when")))
    yield build_heading("numbers")
    if numbers := tuple(list_three_numbers(text)):
        yield tree.Numbers(numbers)
    yield tree.build_paragraph(said("numbers"))
    yield from draw_chart(text, language)
    yield build_heading("voices")
    yield points("voices")
    yield build_heading("causes")
    yield points("causes")
    yield build_heading("options")
    yield build_options_table(text, language)
    yield build_heading("recommendation")
    yield tree.build_paragraph(said("recommendation"))
    yield build_heading("cost")
    yield tree.build_paragraph(said("cost"))
    yield points("funding")
    if said("inaction"):
        yield tree.build_paragraph(said("inaction"))
    for part in ("action", "risks", "watch"):
        yield build_heading(part)
        yield points(part)
    yield build_heading("limits")
    yield tree.build_paragraph(said("limits"), "quiet")
    if releases := releasing.list_cited_releases(text):
        named = (_("release %(n)s") % {"n": n} for n in releases)
        yield tree.Paragraph(
            tree.build_labelled(_("Its figures are published in"), format_list(named))
        )
    yield tree.Paragraph(tree.build_labelled(_("Who to ask"), said("contacts")))


TITLES = {section.code: section.title for section in BRIEF}


def build_heading(section: str) -> tree.Heading:
    return tree.Heading(1, str(TITLES[section]))


def list_three_numbers(text: BriefText) -> Iterator[tuple[str, str, str]]:
    for name in map(text.raw, FIGURES):
        if one := text.figures.get(name):
            yield one.words, one.title, describe_certainty(text, one)


def describe_certainty(text: BriefText, one: SafeFigure) -> str:
    """Describe what the figure is of, when, its interval, and what is not known."""
    said = [
        one.what,
        format_period(text, one),
        _("confidence interval: %(between)s") % {"between": one.between}
        if one.between
        else "",
        one.not_known,
    ]
    return keep_on_one_line(" · ".join(filter(None, said)))


def format_period(text: BriefText, one: SafeFigure) -> str:
    until = format_day(one.until.isoformat()) if one.until else text.day("until")
    days = {"since": text.day("since"), "until": until}
    return _("%(since)s to %(until)s") % days


def draw_chart(text: BriefText, language: str) -> Iterator[Block]:
    if chart := text.chart:
        columns = [
            ChartColumn(label, figure.shown.best, figure.words)
            if figure
            else ChartColumn(label, None, _("Not shown"))
            for label, figure in chart.labelled()
        ]
        drawing = ColumnChart(chart.title, columns, language)
        yield tree.build_paragraph(chart.title, "quiet")
        yield Picture(drawing, describe_chart(chart.title, columns))


def describe_chart(title: str, columns: list[ChartColumn]) -> str:
    said = "; ".join(f"{column.label}: {column.words}" for column in columns)
    return f"{title}. {said}"


def build_options_table(text: BriefText, language: str) -> tree.Table:
    def cell(option: str, criterion: str) -> tree.Line:
        score = f"{text.score(option, criterion) or '–'}/{BEST}"
        why = text.said(f"{option}_{criterion}_why", language)
        return tree.TextRun(score, strong=True), tree.TextRun(f"  {why}")

    head = [
        f"{title}: {name}" if (name := text.said(option, language)) else str(title)
        for option, title in OPTIONS.items()
    ]
    rows = tuple(
        tree.build_row(
            tree.build_strong(name), *(cell(option, code) for option in OPTIONS)
        )
        for code, name in CRITERIA.items()
    )
    return tree.Table((_("Criterion"), *head), rows, (5, 10, 10, 10))


def build_plain_document(text: BriefText, language: str) -> Document:
    """Build the version that the people concerned can read, on a page of its own."""
    with override(language):
        parts = [
            x
            for section in text.brief.sections
            if section.is_plain
            for x in section.parts
        ]
        return Document(
            title=text.said("title", language),
            of=_("In plain language"),
            language=language,
            blocks=tuple(
                block
                for part in parts
                for block in (
                    tree.Heading(1, str(part.label)),
                    tree.build_paragraph(text.said(part.code, language)),
                )
            ),
            notice=format_notice(text),
            foot=format_foot(text),
            large=True,
        )


def write_pdf(
    text: BriefText, language: str, address: str = "", *, by: int | None
) -> FittedPDF:
    """Write a brief in the largest letters with which it fits on two pages; return on
    how many pages it is, too."""
    whole = build_document(text, language, address)
    # A report has as many pages as it needs; only a brief is fitted (ADR 28).
    sizes = SIZES if whole.points else (0.0,)
    return print_process.print_fitted(whole, sizes, MOST_PAGES, by=by)


def is_too_long(text: BriefText, languages: Iterable[str], *, by: int | None) -> bool:
    """Ask whether a brief has more than two pages in one of these languages."""
    return text.brief.kind == BriefKind.BRIEF and any(
        write_pdf(text, language, by=by).pages > MOST_PAGES for language in languages
    )
