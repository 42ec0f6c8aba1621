"""What figures are called: I21, or I41.paid where an indicator has several."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amana.design.directory.coverage import Group
from amana.design.directory.models import Area
from amana.design.directory.taxonomy import ServiceType
from amana.insight.facts import codes
from amana.insight.gaps.finding import EVERYBODY, EVERYWHERE
from amana.insight.gaps.halves import Half
from amana.insight.measure.engine.definitions import Indicator, Part, Text
from amana.insight.measure.library.reading import library
from amana.ui.sentences import listed

GROUPS = {
    "sex": codes.Sex,
    "age_band": codes.AgeBand,
    "nationality_group": codes.NationalityGroup,
    "exploitation": codes.Exploitation,
    "sector": codes.Sector,
    "urgency": codes.Urgency,
}


def language() -> str:
    return (get_language() or "en").partition("-")[0]


def said(text: Text) -> str:
    """In the language that is active."""
    return text.get(language()) or text.get("en", "")


def found(name: str) -> tuple[Indicator, Part] | None:
    code, _dot, part = name.partition(".")
    indicator = library().get(code)
    if indicator is None or (part and part not in indicator.parts):
        return None
    return indicator, indicator.part(part)


def names_of(indicator: Indicator) -> list[tuple[str, Part]]:
    """Of each of its figures; the first is called by the code alone."""
    return [
        (f"{indicator.code}.{name}" if nth else indicator.code, part)
        for nth, (name, part) in enumerate(indicator.parts.items())
    ]


def title(name: str) -> str:
    there = found(name)
    if there is None:
        return name
    indicator, part = there
    return said(part.title) if len(indicator.parts) > 1 else said(indicator.title)


def definition(name: str) -> str:
    """What is counted, and out of what; of several figures, their title says it."""
    there = found(name)
    if there is None or len(there[0].parts) > 1:
        return ""
    counts, of = said(there[0].counts), said(there[0].of)
    if not of:
        return counts
    return _("%(counts)s, out of: %(of)s") % {"counts": counts, "of": of}


def places(gap: str) -> tuple[str, str, str]:
    """A need, an area and a group, of which a gap's key consists; the area and the
    group are empty where it is of all."""
    need, area, group = gap.split(".")
    return need, "" if area == EVERYWHERE else area, "" if group == EVERYBODY else group


def gap_title(gap: str) -> str:
    """“Shelter, Kilima, women”."""
    need, area, group = places(gap)
    named = {one.code: str(one) for one in Area.objects.filter(code=area)}
    said = [ServiceType(need).label, named.get(area), group and Group(group).label]
    return listed(filter(None, said))


def of_gap(name: str, gap: str) -> str:
    said = {"gap": gap_title(gap)}
    if name == "gap":
        return _("People who needed it: %(gap)s") % said
    return _("Nothing acceptable was found: %(gap)s") % said


def half(code: str) -> str:
    year, part = code.split("-")
    return str(Half(int(year), int(part)))


def indicators() -> list[tuple[str, str]]:
    return [(code, f"{code} · {said(one.title)}") for code, one in library().items()]


def labels(by: str) -> dict[str, str]:
    """The groups of a dimension, by code."""
    if by == "area":
        areas = Area.objects.filter(level=1).defer("geometry").order_by("code")
        return {one.code: str(one) for one in areas}
    return {code: str(label) for code, label in GROUPS[by].choices} if by else {}
