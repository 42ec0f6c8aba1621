"""What those who lead an exercise on paper have in their hands."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from amana.academy.exercises import labels
from amana.academy.exercises.engine.criteria import Verdict
from amana.academy.exercises.engine.scenario import Inject, Seat
from amana.academy.exercises.print_source import AT, KitSource
from amana.academy.exercises.standard_criteria import STANDARD
from amana.academy.exercises.standard_observations import (
    LEVELS,
    NO_OCCASION,
    OBSERVED,
)
from amana.design.mechanism.labels import format_span
from amana.printing.document import (
    Block,
    Boxes,
    Heading,
    Line,
    NewPage,
    Paragraph,
    Table,
    build_labelled,
    build_line,
    build_paragraph,
    build_points,
    build_row,
    build_strong,
)

NOTED = 24
"""Empty lines on a page to note times on."""
PAGES = 2


def build_lead(source: KitSource) -> Iterator[Block]:
    """Build the plan, the cards to cut, and what is needed for the debrief."""
    yield from build_beginning(source)
    yield Heading(1, _("Plan by time"))
    yield build_plan(source)
    yield NewPage()
    yield Heading(1, _("Cards to cut out"))
    yield build_paragraph(
        _("Hand each one over at its time. Note on it when you did."), "quiet"
    )
    for inject in source.scenario.injects.values():
        yield build_card(source, inject)
    yield NewPage()
    yield Heading(1, _("Agencies"))
    yield from build_agencies(source)
    yield from build_knowledge(source)
    yield NewPage()
    yield from build_criteria(source)
    yield from build_debrief(source)
    yield from build_log_pages()


def build_beginning(source: KitSource) -> Iterator[Block]:
    scenario = source.scenario
    yield Heading(1, _("Before you begin"))
    yield build_paragraph(source.say(scenario.about), "lead")
    yield build_paragraph(source.say(scenario.care))
    word = source.say(scenario.stop_word)
    yield Paragraph(build_labelled(_("The word that stops it for everyone"), word))
    start = source.compute_time(None)
    end = source.compute_time(scenario.length)
    for label, words in (
        (_("Begins"), source.format_time(start)),
        (_("Ends"), source.format_time(end)),
        (
            _("Pace"),
            _("%(minutes)g minutes of the exercise in one of yours")
            % {"minutes": scenario.speed},
        ),
    ):
        yield Paragraph(build_labelled(label, words))
    yield build_points(
        [
            _("Set up a table for each seat, with its pages. No one reads another’s."),
            _("Write the time of the exercise on a board, and change it yourself."),
            _(
                "A referral is a sheet that you carry: note when it leaves, and when "
                "the answer comes."
            ),
            _("Answer for a table at which no one sits: how, is below the agencies."),
            _("Play the people, or give their cards to those who do."),
        ]
    )
    yield Heading(2, _("What is practised"))
    yield build_points(source.say(words) for words in scenario.objectives.values())


def build_plan(source: KitSource) -> Table:
    """Build what comes, in its order; what waits for an act stands last."""
    timed = [(find_time(source, i), i) for i in source.scenario.injects.values()]
    timed.sort(key=lambda pair: (not pair[0], pair[0]))
    rows = [
        build_row(
            source.format_time(source.compute_time(inject.at)) if at else AT,
            build_strong(inject.code),
            source.name_seats(inject.seats) or "–",
            format_cause(source, inject) or "–",
            AT,
        )
        for at, inject in timed
    ]
    head = (_("Time"), _("Card"), _("To"), _("Only if"), _("Given at"))
    return Table(head, tuple(rows), (3, 3, 4, 6, 2))


def find_time(source: KitSource, inject: Inject) -> str:
    """Find the time that is known beforehand, to sort by; empty if there is none."""
    if inject.after_inject or inject.after_act:
        return ""
    return source.compute_time(inject.at).isoformat()


def format_cause(source: KitSource, inject: Inject) -> str:
    """Format what an inject waits for, or depends on not being done."""
    if inject.unless:
        act = source.format_act(inject.unless)
        return _("not if this was done by then: %(act)s") % {"act": act}
    cause = ""
    if inject.after_act:
        cause = source.format_act(inject.after_act)
    elif inject.after_inject:
        cause = _("card “%(code)s”") % {"code": inject.after_inject}
    if not cause:
        return ""
    if inject.at is None:
        return _("after: %(cause)s") % {"cause": cause}
    span = format_span(inject.at.written)
    return _("%(span)s after: %(cause)s") % {"span": span, "cause": cause}


def build_card(source: KitSource, inject: Inject) -> Table:
    """Build a card: to whom, from whom, and what it says or does."""
    is_known = find_time(source, inject)
    at = source.format_time(source.compute_time(inject.at)) if is_known else AT
    to = source.name_seats(inject.seats) or _("for those who lead")
    rows = []
    if text := source.say(inject.text):
        by = str(labels.SENT_BY[inject.by]) if inject.by else ""
        sender = source.say(inject.sender)
        rows.append(build_row(" · ".join(filter(None, (by, sender))), text))
    if inject.do:
        act = source.format_act(inject.do)
        rows.append(build_row(_("From now on"), act))
    for agency, left in inject.places.items():
        places = _("places left: %(number)s") % {"number": left}
        rows.append(build_row(source.name_agency(agency), places))
    rows.append(build_row(_("Given at"), AT))
    return Table((f"{inject.code} · {at}", to), tuple(rows), (3, 7))


def build_agencies(source: KitSource) -> Iterator[Block]:
    """Build who is open when, and how an empty table answers."""
    scenario = source.scenario
    rows = []
    for agency in scenario.agencies.values():
        places = "–" if agency.places is None else " ".join("☐" * agency.places)
        rows.append(
            build_row(
                build_strong(source.name_agency(agency.code)),
                source.format_hours(agency),
                places or "0",
            )
        )
    yield Table(
        (_("Agency"), _("When it is open"), _("Places")), tuple(rows), (4, 6, 3)
    )
    scripted = [seat for seat in scenario.seats.values() if seat.script]
    if scripted:
        yield Heading(2, _("How an empty table answers"))
        for seat in scripted:
            yield Paragraph(
                build_labelled(source.say(seat.title), format_script(source, seat))
            )


def format_script(source: KitSource, seat: Seat) -> str:
    lines = []
    for reaction in source.scenario.scripts[seat.script]:
        said = {
            "act": labels.ACTS[reaction.do],
            "span": format_span(reaction.after.written),
        }
        line = (
            _("%(act)s, %(span)s after it was asked, while there are places")
            if reaction.if_places
            else _("%(act)s, %(span)s after it was asked")
        )
        lines.append(line % said)
    return "; ".join(lines)


def build_knowledge(source: KitSource) -> Iterator[Block]:
    """Build what people know, and when they disclose it."""
    yield Heading(1, _("What people disclose"))
    rows: list[tuple[Line, ...]] = []
    for person in source.scenario.people.values():
        rows.append((build_line(person.name),))
        rows += [
            build_row(labels.format_conditions(known.when), source.say(known.tells))
            for known in person.knows
        ] or [build_row("–", "–")]
    yield Table((_("When"), _("What they disclose")), tuple(rows), (2, 5))


def build_criteria(source: KitSource) -> Iterator[Block]:
    """Build the criteria as a list to tick, and what observers mark."""
    yield Heading(1, _("Conduct: to tick while it is played"))
    rows = []
    for code in source.scenario.criteria:
        standard = STANDARD[code]
        rows.append(
            build_row(build_strong(standard.title), standard.why, "☐", "☐", "☐")
        )
    ticked = (Verdict.MET, Verdict.ABSENT, Verdict.NOT_TESTED)
    verdicts = [str(labels.VERDICTS[verdict][0]) for verdict in ticked]
    head = (_("Criterion"), _("Why"), *verdicts)
    yield Table(head, tuple(rows), (6, 6, 2, 2, 2))
    for observed in source.scenario.observed.values():
        yield Paragraph(build_strong(source.say(observed.title)), "ask")
        levels = (*map(source.say, observed.levels), str(NO_OCCASION))
        yield Boxes(levels, one_only=True)
    for looked_for in OBSERVED.values():
        yield Paragraph(build_strong(str(looked_for.title)), "ask")
        yield Boxes((*map(str, LEVELS), str(NO_OCCASION)), one_only=True)


def build_debrief(source: KitSource) -> Iterator[Block]:
    yield Heading(1, _("To talk about"))
    for question in source.scenario.debrief:
        asked = source.say(question.ask)
        if question.at:
            card = _("Card “%(code)s”") % {"code": question.at}
            yield Paragraph(build_labelled(card, asked))
        else:
            yield build_paragraph(asked)


def build_log_pages() -> Iterator[Block]:
    """Build pages on which the times are noted, as the debrief needs them."""
    head = (_("Time"), _("Who"), _("What"), _("Of whom"))
    rows = tuple(build_row(AT, "", "", "") for _line in range(NOTED))
    for _page in range(PAGES):
        yield NewPage()
        yield Heading(1, _("What happened"))
        yield Table(head, rows, (2, 4, 8, 4))
