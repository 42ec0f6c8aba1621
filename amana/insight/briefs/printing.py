"""A brief on paper: two pages that a decision-maker reads before a meeting."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import override

from amana.design.mechanism.paper import document as tree
from amana.design.mechanism.paper import printing
from amana.design.mechanism.paper.document import Block, Document, Picture
from amana.design.mechanism.paper.printing import Fitted
from amana.insight.briefs import releasing, reporting
from amana.insight.briefs.chart import Column, Columns
from amana.insight.briefs.figures import Safe
from amana.insight.briefs.models import Kind
from amana.insight.briefs.parts import BEST, BRIEF, CRITERIA, FIGURES, OPTIONS
from amana.insight.briefs.texts import Text, as_day
from amana.insight.measure.reading import unbroken
from amana.ui.sentences import listed

SIZES = (11.5, 11.0, 10.5, 10.0, 9.5, 9.0, 8.5)
"""Of its letters, in points: as large as fits."""
MOST_PAGES = 2


def document(text: Text, language: str, address: str = "") -> Document:
    """Build the document in this language, whatever the reader's own is."""
    if text.brief.kind == Kind.REPORT:
        return reporting.document(text, language, address)
    with override(language):
        return Document(
            title=text.said("title", language),
            of=_("Policy brief"),
            language=language,
            blocks=tuple(blocks(text, language)),
            notice=notice(text),
            foot=foot(text),
            points=SIZES[0],
        )


def notice(text: Text) -> str:
    return "" if text.brief.is_published else _("Draft, not yet published.")


def foot(text: Text) -> str:
    brief = text.brief
    if brief.published_at is None:
        return _("Policy brief")
    return _("Policy brief %(number)s, published on %(day)s") % {
        "number": brief.pk,
        "day": as_day(brief.published_at.date().isoformat()),
    }


def blocks(text: Text, language: str) -> Iterator[Block]:
    def said(part: str) -> str:
        return text.said(part, language)

    def points(part: str) -> tree.Points:
        return tree.points(filter(None, map(str.strip, said(part).splitlines())))

    yield tree.said(said("message"), "lead")
    yield tree.Paragraph(tree.labelled(_("Who decides"), said("who")))
    yield tree.Paragraph(tree.labelled(_("By when"), text.day("by_when")))
    yield heading("numbers")
    if numbers := tuple(three_numbers(text)):
        yield tree.Numbers(numbers)
    yield tree.said(said("numbers"))
    yield from drawn(text, language)
    yield heading("voices")
    yield points("voices")
    yield heading("causes")
    yield points("causes")
    yield heading("options")
    yield options(text, language)
    yield heading("recommendation")
    yield tree.said(said("recommendation"))
    yield heading("cost")
    yield tree.said(said("cost"))
    yield points("funding")
    if said("inaction"):
        yield tree.said(said("inaction"))
    for part in ("action", "risks", "watch"):
        yield heading(part)
        yield points(part)
    yield heading("limits")
    yield tree.said(said("limits"), "quiet")
    if releases := releasing.cited(text):
        named = (_("release %(n)s") % {"n": n} for n in releases)
        yield tree.Paragraph(
            tree.labelled(_("Its figures are published in"), listed(named))
        )
    yield tree.Paragraph(tree.labelled(_("Who to ask"), said("contacts")))


TITLES = {section.code: section.title for section in BRIEF}


def heading(section: str) -> tree.Heading:
    return tree.Heading(1, str(TITLES[section]))


def three_numbers(text: Text) -> Iterator[tuple[str, str, str]]:
    for name in map(text.raw, FIGURES):
        if one := text.figures.get(name):
            yield one.words, one.title, how_sure(text, one)


def how_sure(text: Text, one: Safe) -> str:
    """Describe what the figure is of, when, its interval, and what is not known."""
    said = [
        one.what,
        period(text, one),
        _("confidence interval: %(between)s") % {"between": one.between}
        if one.between
        else "",
        one.not_known,
    ]
    return unbroken(" · ".join(filter(None, said)))


def period(text: Text, one: Safe) -> str:
    until = as_day(one.until.isoformat()) if one.until else text.day("until")
    days = {"since": text.day("since"), "until": until}
    return _("%(since)s to %(until)s") % days


def drawn(text: Text, language: str) -> Iterator[Block]:
    if chart := text.chart:
        columns = [
            Column(label, figure.shown.best, figure.words)
            if figure
            else Column(label, None, _("Not shown"))
            for label, figure in chart.labelled()
        ]
        drawing = Columns(chart.title, columns, language)
        yield tree.said(chart.title, "quiet")
        yield Picture(drawing, described(chart.title, columns))


def described(title: str, columns: list[Column]) -> str:
    said = "; ".join(f"{column.label}: {column.words}" for column in columns)
    return f"{title}. {said}"


def options(text: Text, language: str) -> tree.Table:
    def cell(option: str, criterion: str) -> tree.Line:
        score = f"{text.score(option, criterion) or '–'}/{BEST}"
        why = text.said(f"{option}_{criterion}_why", language)
        return tree.Run(score, strong=True), tree.Run(f"  {why}")

    head = [
        f"{title}: {name}" if (name := text.said(option, language)) else str(title)
        for option, title in OPTIONS.items()
    ]
    rows = tuple(
        tree.row(tree.strong(name), *(cell(option, code) for option in OPTIONS))
        for code, name in CRITERIA.items()
    )
    return tree.Table((_("Criterion"), *head), rows, (5, 10, 10, 10))


def plain_language(text: Text, language: str) -> Document:
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
                    tree.said(text.said(part.code, language)),
                )
            ),
            notice=notice(text),
            foot=foot(text),
            large=True,
        )


def pdf(text: Text, language: str, address: str = "", *, by: int | None) -> Fitted:
    """Write a brief in the largest letters with which it fits on two pages; return on
    how many pages it is, too."""
    whole = document(text, language, address)
    # A report has as many pages as it needs; only a brief is fitted (ADR 28).
    sizes = SIZES if whole.points else (0.0,)
    return printing.fitted(whole, sizes, MOST_PAGES, by=by)


def too_long(text: Text, languages: Iterable[str], *, by: int | None) -> bool:
    """Ask whether a brief has more than two pages in one of these languages."""
    return text.brief.kind == Kind.BRIEF and any(
        pdf(text, language, by=by).pages > MOST_PAGES for language in languages
    )
