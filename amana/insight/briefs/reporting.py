"""The national report of a year: what a signed release tells, what was recommended and
what was done, at an address that others can cite."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import override

from amana.design.mechanism.paper import document as tree
from amana.design.mechanism.paper.document import Block, Document
from amana.insight.briefs.checking import OPEN
from amana.insight.briefs.drafting import limits
from amana.insight.briefs.models import Brief
from amana.insight.briefs.parts import REPORT
from amana.insight.briefs.texts import Text, as_day, text_of
from amana.insight.feedback.models import Change
from amana.insight.release.models import Release
from amana.insight.release.published import Shelf, shelves

MOST_LINES = 12


def draft(release: Release, language: str) -> dict[str, str]:
    """What a report says before anybody wrote in it, in the language that is active."""
    titles = {"year": release.year}
    return {
        "title": _("National report %(year)s") % titles,
        "summary": " ".join(
            (
                _("This report tells what was counted from {since} to {until}."),
                _("It tells what was recommended, and what was done."),
                OPEN,
            )
        ),
        "done": "\n".join(done(release, language)) or OPEN,
        "recommendations": "\n".join(asked(release, language)) or OPEN,
        "limits": limits(),
        "contacts": OPEN,
        "plain_what": _("This report tells how people were helped in a year."),
        "plain_ask": " ".join(
            (
                _("It says what should become better."),
                _("Those who decide can read it."),
            )
        ),
        "plain_next": _("Next year we count again, and tell everybody."),
    }


def done(release: Release, language: str) -> list[str]:
    """What changed because enough people said the same: it is public already."""
    changes = Change.objects.shown().filter(published_at__year=release.year)
    said = (one.did.get(language, "") for one in changes.order_by("pk")[:MOST_LINES])
    return [one for one in said if one]


def asked(release: Release, language: str) -> list[str]:
    """What the briefs of that year ask for."""
    briefs = Brief.objects.briefs().in_force().filter(year=release.year)
    out = [one for one in briefs.order_by("pk") if language in one.languages]
    return [text_of(one).raw("title", language) for one in out[:MOST_LINES]]


def document(text: Text, language: str, address: str = "") -> Document:
    with override(language):
        return Document(
            title=text.said("title", language),
            of=release_of(text).mechanism or _("National report"),
            language=language,
            blocks=tuple(blocks(text, language, address)),
            notice="" if text.brief.is_published else _("A draft: not yet published."),
            foot=cite(text, language, address),
        )


def release_of(text: Text) -> Release:
    release = text.brief.release
    assert release is not None
    return release


def cite(text: Text, language: str, address: str) -> str:
    """How others name it, with its edition."""
    brief = text.brief
    if brief.published_at is None:
        return text.said("title", language)
    said = {
        "who": release_of(text).mechanism or "Amana",
        "title": text.said("title", language),
        "number": brief.edition,
        "day": as_day(brief.published_at.date().isoformat()),
    }
    words = _("%(who)s: %(title)s, edition %(number)s, %(day)s") % said
    return f"{words}, {address}" if address else words


TITLES = {one.code: one.title for one in REPORT}


def blocks(text: Text, language: str, address: str) -> Iterator[Block]:
    yield tree.said(text.said("summary", language), "lead")
    yield from tables(shelves(release_of(text)))
    for section in ("recommendations", "done"):
        yield tree.Heading(1, str(TITLES[section]))
        lines = text.said(section, language).splitlines()
        yield tree.points(filter(None, map(str.strip, lines)))
    yield tree.Heading(1, str(TITLES["limits"]))
    yield tree.said(text.said("limits", language))
    yield tree.Paragraph(
        tree.labelled(_("Whom to ask"), text.said("contacts", language))
    )
    yield tree.Heading(1, _("How to cite it"))
    yield tree.said(cite(text, language, address))


def tables(some: list[Shelf]) -> Iterator[Block]:
    """The figures of everybody in one table; then one for each that is split."""
    yield tree.Heading(1, _("The figures"))
    whole = [row(shelf, shelf.title) for shelf in some if shelf.is_whole]
    if whole:
        yield tree.Table((_("Figure"), *columns()), tuple(whole), (5, 2, 3, 3))
    for shelf in some:
        if shelf.is_whole:
            continue
        yield tree.Heading(2, " · ".join(filter(None, (shelf.title, shelf.split))))
        lines = tuple(
            tree.row(
                " · ".join(filter(None, (one.before, one.line.label))),
                *(one.line.value, one.line.between, one.line.counted),
            )
            for one in shelf.rows
        )
        yield tree.Table((shelf.last_split, *columns()), lines, (5, 2, 3, 3))


def columns() -> tuple[str, str, str]:
    return _("Value"), _("Surely between"), _("Counted")


def row(shelf: Shelf, title: str) -> tuple[tree.Line, ...]:
    line = shelf.rows[0].line
    return tree.row(title, line.value, line.between, line.counted)
