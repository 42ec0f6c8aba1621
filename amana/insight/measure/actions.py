"""Ask for figures, exactly; and record the country's own numbers.

What is asked for here is raw: exact counts, however small. It may go on into other
counts, into a release, or through `disclosure` to people; never straight to a page.
Pages read `protected_tables`, in which everything was protected together (ADR 24).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.insight.disclosure.engine import Table
from amana.insight.facts.kinds import KINDS
from amana.insight.measure import country, observation_columns
from amana.insight.measure.engine import protected_tables, table_json, topics
from amana.insight.measure.engine.columns import ObservationColumns
from amana.insight.measure.engine.counting import PreparedCounts
from amana.insight.measure.engine.definitions import (
    D0,
    IndicatorPart,
    Measure,
    ObservationChoice,
)
from amana.insight.measure.engine.figures import MeasuredFigure, iterate_figures
from amana.insight.measure.library.reading import load_library
from amana.insight.measure.models import CountryNumber, ProtectedTable
from amana.insight.measure.rules import SAYERS, enter_country_number
from amana.trust.access.models import User
from amana.trust.access.rules import Denied, has_role
from amana.trust.audit import log

type Where = Mapping[str, Sequence[str]]


def compute_figure(
    code: str,
    *,
    part: str = "",
    where: Where | None = None,
    by: Sequence[str] = (),
    since: date,
    until: date,
) -> MeasuredFigure:
    """Compute an indicator from the month of `since` up to before that of `until`.

    `part` names one of its figures, else it is the first. `where` keeps only
    observations known to have one of the codes. Its `cells` are the groups that `by`
    splits it into, by their codes ("" where unknown); of a distribution, with the state
    last.
    """
    definition = load_library()[code].part(part)
    found = observation_columns.load_observations(since, until).where(where or {})
    prepared = PreparedCounts(definition, found)
    inhabitants = country.get_inhabitants(since, until)
    whole = dict(iterate_figures(code, prepared.by(), inhabitants))
    cells = dict(iterate_figures(code, prepared.by(*by), inhabitants)) if by else {}
    if definition.measure is Measure.DISTRIBUTION:
        first = next(iter(whole.values()))
        nothing = replace(first, numerator=first.denominator, value=None)
        return replace(nothing, low=None, high=None, cells=cells or whole)
    return replace(whole[()], cells=cells)


def build_table(
    kind: str,
    *,
    result: str = "",
    by: Sequence[str] = (),
    where: Where | None = None,
    since: date,
    until: date,
) -> Table:
    """Count the observations of a kind, split by public codes, for `disclosure`.

    Named "kind" or "kind:result"; "" is among the codes, for who is unknown, so that
    tables of the same name add up to one another.
    """
    chosen = ObservationChoice(kind, (result,) if result else ())
    part = IndicatorPart("all", {}, Measure.COUNT, chosen)
    found = observation_columns.load_observations(since, until).where(where or {})
    tally = PreparedCounts(part, found).by(*by)
    name = f"{kind}:{result}" if result else kind
    period = f"{since:%Y-%m}/{until:%Y-%m}"
    return Table(name, tuple(by), tally.codes, tally.counts[0], period)


OF_NO_PERSON = ("area", "sector")
"""By what facts are split in which there is no person."""

OF_FEW_PEOPLE = frozenset({"complaint", "caseload", "certified"})
"""Written at once, and yet about people: protected like those of a person."""


def prepare_protected_tables(today: date | None = None) -> int:
    """Prepare the protected tables of this year and the last: once a month, when one is
    over. Returns how many there are."""
    first = (today or timezone.localdate()).replace(day=1)
    return sum(
        prepare_year(year, min(first, date(year + 1, 1, 1)), first)
        for year in (first.year - 1, first.year)
        if date(year, 1, 1) < first
    )


def prepare_year(year: int, until: date, month: date) -> int:
    """Prepare the protected tables of a year, and return how many there are. They are
    stored together at the end, or not at all."""
    known = {sheet.kind: sheet for sheet in ProtectedTable.objects.filter(year=year)}
    # Once a month and not more often: two versions of a page that differ by a few days
    # would differ by the people of those days (ADR 24).
    if known and min(timezone.localdate(s.made_at) for s in known.values()) >= month:
        return len(known)
    # Outside a transaction: this may take minutes, and no one who writes waits for it.
    facts, smallest = (
        observation_columns.load_observations(date(year, 1, 1), until),
        country.get_smallest_group(),
    )
    results = {code: kind.results for code, kind in KINDS.items()}
    figures = protected_tables.map_figures_by_kind(load_library(), results)
    drawn = []
    for kind, here in figures.items():
        found = facts.kind(kind)
        if len(found) or kind in known:
            drawn.append(_drawn(kind, found, here, smallest, known.get(kind)))
    for sheet in drawn:
        sheet.year, sheet.until = year, until
        sheet.pk = known[sheet.kind].pk if sheet.kind in known else None
    _store(drawn, year, known, smallest)
    return ProtectedTable.objects.filter(year=year).count()


@transaction.atomic
def _store(
    drawn: Sequence[ProtectedTable],
    year: int,
    known: Mapping[str, ProtectedTable],
    smallest: int,
) -> None:
    """Store the new tables in the place of what was `known`, unless that has changed
    meanwhile or groups have to be larger by now."""
    now = ProtectedTable.objects.filter(year=year).select_for_update()
    made = {sheet.kind: sheet.made_at for sheet in now}
    # What is shown next is protected together with what was shown before. If another
    # run has replaced that meanwhile, these tables protect against the wrong past.
    if made != {kind: sheet.made_at for kind, sheet in known.items()}:
        return
    if country.get_smallest_group() != smallest:
        return
    for sheet in drawn:
        sheet.save()


def _drawn(
    kind: str,
    facts: ObservationColumns,
    figures: Sequence[protected_tables.NeededFigure],
    smallest_of_people: int,
    before: ProtectedTable | None,
) -> ProtectedTable:
    """Prepare the protected tables of one kind of observation, without storing them."""
    counted = KINDS[kind]
    # A code that can't be would be an empty cell, and everyone would know it is.
    facts = facts.among({"topic": counted.topics, "reason": counted.reasons})
    of_people = counted.of_person
    smallest = smallest_of_people if of_people or kind in OF_FEW_PEOPLE else None
    earlier = protected_tables.NOTHING
    if before and smallest:
        earlier = protected_tables.TableContent(
            tuple(table_json.read_tables(kind, before.tables)), before.said
        )
    dims = D0 if of_people else OF_NO_PERSON
    # Observations don't say whose they are. Where one person may add several, so many
    # times as many are needed to be sure of the number of people (ADR 24).
    facts_of_some = smallest and smallest * counted.most_of_a_person
    if counted.each_topic and facts_of_some:
        made = topics.build_topic_tables(
            facts,
            figures,
            counted.topics,
            name=kind,
            dims=dims,
            smallest=facts_of_some,
            earlier=earlier,
        )
    else:
        made = protected_tables.build_protected_tables(
            facts,
            figures,
            name=kind,
            dims=dims,
            smallest=facts_of_some,
            earlier=earlier,
        )
    return ProtectedTable(
        kind=kind,
        tables=table_json.convert_to_json(made.tables),
        said=made.said,
        smallest=smallest,
        made_at=timezone.now(),
    )


@transaction.atomic
def record_country_number(
    what: CountryNumber.What, *, year: int, number: int, source: str, by: User
) -> CountryNumber:
    """Record a number about the country; what was recorded before for the same year
    stays. Raises `Denied` without the role, and `Refused` when groups would be smaller
    than the least that is allowed."""
    if not has_role(by, SAYERS):
        raise Denied(enter_country_number, by)
    if what == CountryNumber.What.SMALLEST and number < country.SMALLEST:
        words = _("It can be larger than %(least)s, never smaller.")
        raise Refused(words % {"least": country.SMALLEST})
    said = CountryNumber.objects.create(
        what=what, year=year, number=number, source=source, said_by=by
    )
    log.record("said country number", said, by=by, what=what, year=year)
    return said
