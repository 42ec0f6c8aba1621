"""What figures are called: I21, or I41.paid where an indicator has several; `gap` and
`gap.unmet` are those of the gap that a brief is about."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from amana.design.directory.coverage import Group
from amana.design.directory.models import Area
from amana.design.directory.sentences import lowered
from amana.design.directory.taxonomy import ServiceType
from amana.insight.gaps.finding import EVERYBODY, EVERYWHERE
from amana.insight.measure.engine.definitions import Indicator, Part
from amana.insight.measure.library.reading import library
from amana.insight.measure.naming import said
from amana.insight.measure.telling import number
from amana.ui.sentences import listed

NEEDED, UNMET = "gap", "gap.unmet"
OF_GAP = (NEEDED, UNMET)


def every() -> Iterator[str]:
    """Iterate the names of all figures of the library."""
    for indicator in library().values():
        for name, _part in names_of(indicator):
            yield name


def is_known(name: str) -> bool:
    code, _dot, part = name.partition(".")
    indicator = library().get(code)
    return indicator is not None and (not part or part in indicator.parts)


def found(name: str) -> tuple[Indicator, Part]:
    code, _dot, part = name.partition(".")
    return library()[code], library()[code].part(part)


def names_of(indicator: Indicator) -> list[tuple[str, Part]]:
    """List the names of an indicator's figures; the first is called by the code
    alone."""
    return [(name_of(indicator, name), part) for name, part in indicator.parts.items()]


def name_of(indicator: Indicator, part: str) -> str:
    first = next(iter(indicator.parts))
    return indicator.code if part == first else f"{indicator.code}.{part}"


def title(name: str) -> str:
    indicator, part = found(name)
    return said(part.title if len(indicator.parts) > 1 else indicator.title)


def definition(name: str) -> str:
    """Format what is counted, and out of what; of several figures, their title shows
    it."""
    indicator, _part = found(name)
    if len(indicator.parts) > 1:
        return ""
    counts, of = said(indicator.counts), said(indicator.of)
    if not of:
        return counts
    return _("%(counts)s, out of: %(of)s") % {"counts": counts, "of": of}


def indicators() -> list[tuple[str, str]]:
    return [
        (code, f"{code} · {said(indicator.title)}")
        for code, indicator in library().items()
    ]


# --- of a gap


def places(gap: str) -> tuple[str, str, str]:
    """Parse a gap's key into need, area and group; area and group are empty where it is
    of all."""
    need, area, group = gap.split(".")
    return need, "" if area == EVERYWHERE else area, "" if group == EVERYBODY else group


def gap_title(gap: str) -> str:
    """Format a gap for display: “Shelter, Kilima, women”."""
    need, area, group = places(gap)
    named = {place.code: str(place) for place in Area.objects.filter(code=area)}
    whom = lowered(str(Group(group).label)) if group else ""
    parts = [ServiceType(need).label, named.get(area), whom]
    return listed(filter(None, parts))


def of_gap(name: str, gap: str) -> str:
    of = {"gap": gap_title(gap)}
    if name == NEEDED:
        return _("People who needed it: %(gap)s") % of
    return _("Nothing acceptable was found: %(gap)s") % of


def amount_of_gap(name: str, value: float) -> str:
    if name == NEEDED:
        return number(value, 0)
    return _("%(n)s %%") % {"n": number(100 * value, 0)}
