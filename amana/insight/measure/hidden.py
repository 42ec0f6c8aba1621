"""Why a figure is not shown, and from when on it would be."""

from django.utils.translation import gettext as _

from amana.insight.disclosure.engine import BASE
from amana.insight.disclosure.engine.tables import compute_least_shown
from amana.insight.facts.kinds import KINDS
from amana.insight.measure.actions import OF_FEW_PEOPLE
from amana.insight.measure.engine.definitions import IndicatorPart, Measure


def explain_suppression(part: IndicatorPart, smallest: int) -> str:
    """Explain why a figure is not shown, and from when on it would be. `smallest`: how
    many people there have to be in a group that is shown."""
    kind = KINDS[part.chosen.kind]
    if not kind.of_person and kind.code not in OF_FEW_PEOPLE:
        return _(
            "Nothing of this kind was recorded in the year. One entry is enough "
            "to show it."
        )
    words = {
        "n": compute_least_shown(smallest * kind.most_of_a_person, BASE),
        "smallest": smallest,
        "most": kind.most_of_a_person,
    }
    if part.measure is Measure.SHARE:
        said = _("It is shown once %(n)s or more count in a year, or as many do not.")
    else:
        said = _("It is shown once there are %(n)s or more in a year.")
    if kind.most_of_a_person > 1:
        said += " " + _(
            "So many are needed because one person can add up to %(most)s, and at "
            "least %(smallest)s people have to be included."
        )
    return said % words
