"""Why a figure is not shown, and from when on it would be."""

from django.utils.translation import gettext as _

from amana.insight.disclosure.engine import BASE
from amana.insight.disclosure.engine.tables import least_shown
from amana.insight.facts.kinds import KINDS
from amana.insight.measure.actions import OF_FEW_PEOPLE
from amana.insight.measure.engine.definitions import Measure, Part


def why(part: Part, smallest: int) -> str:
    """`smallest`: how many people there have to be in a group that is shown."""
    kind = KINDS[part.chosen.kind]
    if not kind.of_person and kind.code not in OF_FEW_PEOPLE:
        return _("Nothing of this was written down in the year. One is enough.")
    words = {
        "n": least_shown(smallest * kind.most_of_a_person, BASE),
        "smallest": smallest,
        "most": kind.most_of_a_person,
    }
    if part.measure is Measure.SHARE:
        said = _("It is shown when in a year %(n)s or more count, or as many do not.")
    else:
        said = _("It is shown when in a year there are %(n)s or more.")
    if kind.most_of_a_person > 1:
        said += " " + _(
            "So many, as one person can add %(most)s, and %(smallest)s people have to "
            "be in it."
        )
    return said % words
