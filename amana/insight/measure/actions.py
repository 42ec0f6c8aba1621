"""Ask for figures, exactly; and say what the country's own numbers are.

What is asked for here is raw: exact counts, however small. It may go on into other
counts, into a release, or through `disclosure` to people; never straight to a page.
Pages read `sheets`, in which everything was protected together (ADR 24).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from amana.insight.disclosure.engine import Table
from amana.insight.measure import columns, country
from amana.insight.measure.engine.counting import Prepared
from amana.insight.measure.engine.definitions import Chosen, Measure, Part
from amana.insight.measure.engine.figures import Figure, figures
from amana.insight.measure.library.reading import library

type Where = Mapping[str, Sequence[str]]


def figure(
    code: str,
    *,
    part: str = "",
    where: Where | None = None,
    by: Sequence[str] = (),
    since: date,
    until: date,
) -> Figure:
    """An indicator from the month of `since` up to before that of `until`.

    `part` names one of its figures, else it is the first. `where` keeps only facts
    known to have one of the codes. Its `cells` are the groups that `by` splits it
    into, by their codes ("" where unknown); of a distribution, with the state last.
    """
    definition = library()[code].part(part)
    found = columns.read(since, until).where(where or {})
    prepared = Prepared(definition, found)
    inhabitants = country.inhabitants(since, until)
    whole = dict(figures(code, prepared.by(), inhabitants))
    cells = dict(figures(code, prepared.by(*by), inhabitants)) if by else {}
    if definition.measure is Measure.DISTRIBUTION:
        first = next(iter(whole.values()))
        nothing = replace(first, numerator=first.denominator, value=None)
        return replace(nothing, low=None, high=None, cells=cells or whole)
    return replace(whole[()], cells=cells)


def table(
    kind: str,
    *,
    result: str = "",
    by: Sequence[str] = (),
    where: Where | None = None,
    since: date,
    until: date,
) -> Table:
    """How many facts of a kind there are, split by public codes, for `disclosure`.

    Named "kind" or "kind:result"; "" is among the codes, for who is unknown, so that
    tables of the same name add up to one another.
    """
    chosen = Chosen(kind, (result,) if result else ())
    part = Part("all", {}, Measure.COUNT, chosen)
    found = columns.read(since, until).where(where or {})
    tally = Prepared(part, found).by(*by)
    name = f"{kind}:{result}" if result else kind
    period = f"{since:%Y-%m}/{until:%Y-%m}"
    return Table(name, tuple(by), tally.codes, tally.counts[0], period)
