"""What figures are called: I21, or I41.paid where an indicator has several; `gap` and
`gap.unmet` are those of the gap that a brief is about."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from amana.design.directory.coverage import PopulationGroup
from amana.design.directory.labels import lower_first
from amana.design.directory.models import Area
from amana.design.directory.taxonomy import ServiceType
from amana.insight.gaps.finding import EVERYBODY, EVERYWHERE
from amana.insight.measure.engine.definitions import Indicator, IndicatorPart
from amana.insight.measure.figure_labels import format_number
from amana.insight.measure.labels import format_text
from amana.insight.measure.library.reading import load_library
from amana.ui.labels import format_list

NEEDED, UNMET = "gap", "gap.unmet"
OF_GAP = (NEEDED, UNMET)


def iterate_names() -> Iterator[str]:
    """Iterate the names of all figures of the library."""
    for indicator in load_library().values():
        for name, _part in list_names(indicator):
            yield name


def is_known(name: str) -> bool:
    code, _dot, part = name.partition(".")
    indicator = load_library().get(code)
    return indicator is not None and (not part or part in indicator.parts)


def get_part(name: str) -> tuple[Indicator, IndicatorPart]:
    code, _dot, part = name.partition(".")
    return load_library()[code], load_library()[code].part(part)


def list_names(indicator: Indicator) -> list[tuple[str, IndicatorPart]]:
    """List the names of an indicator's figures; the first is called by the code
    alone."""
    return [
        (build_name(indicator, name), part) for name, part in indicator.parts.items()
    ]


def build_name(indicator: Indicator, part: str) -> str:
    first = next(iter(indicator.parts))
    return indicator.code if part == first else f"{indicator.code}.{part}"


def format_title(name: str) -> str:
    indicator, part = get_part(name)
    return format_text(part.title if len(indicator.parts) > 1 else indicator.title)


def format_definition(name: str) -> str:
    """Format what is counted, and out of what; of several figures, their title shows
    it."""
    indicator, _part = get_part(name)
    if len(indicator.parts) > 1:
        return ""
    counts, of = format_text(indicator.counts), format_text(indicator.of)
    if not of:
        return counts
    return _("%(counts)s, out of: %(of)s") % {"counts": counts, "of": of}


def list_indicators() -> list[tuple[str, str]]:
    return [
        (code, f"{code} · {format_text(indicator.title)}")
        for code, indicator in load_library().items()
    ]


# --- of a gap


def parse_gap(gap: str) -> tuple[str, str, str]:
    """Parse a gap's key into need, area and group; area and group are empty where it is
    of all."""
    need, area, group = gap.split(".")
    return need, "" if area == EVERYWHERE else area, "" if group == EVERYBODY else group


def format_gap(gap: str) -> str:
    """Format a gap for display: “Shelter, Kilima, women”."""
    need, area, group = parse_gap(gap)
    named = {place.code: str(place) for place in Area.objects.filter(code=area)}
    whom = lower_first(str(PopulationGroup(group).label)) if group else ""
    parts = [ServiceType(need).label, named.get(area), whom]
    return format_list(filter(None, parts))


def format_gap_figure(name: str, gap: str) -> str:
    of = {"gap": format_gap(gap)}
    if name == NEEDED:
        return _("People who needed it: %(gap)s") % of
    return _("Nothing acceptable was found: %(gap)s") % of


def format_gap_amount(name: str, value: float) -> str:
    if name == NEEDED:
        return format_number(value, 0)
    return _("%(n)s %%") % {"n": format_number(100 * value, 0)}
