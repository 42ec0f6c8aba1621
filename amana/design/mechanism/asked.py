"""What a mechanism can have asked of those who work on a case, so that it is counted.

An indicator names these codes in its `asks`. The questions themselves, and the codes of
their answers, are the case's (`care.outcomes.questions`)."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ASKED: Mapping[str, str | Promise] = {
    "reflection_condition": _("What the recovery period depended on"),
    "rape_care": _("Care after rape"),
    "goal": _("What was agreed for each need"),
    "child_care": _("Where a child lives"),
    "detention": _("Whether the person was detained"),
    "non_punishment": _("Outcome of charges"),
    "residence": _("Residence or asylum"),
    "compensation_claimed": _("Compensation: claimed"),
    "compensation_awarded": _("Compensation: awarded"),
    "compensation_paid": _("Compensation: paid"),
    "return_to_harm": _("Exploited again, a year or two later"),
    "reintegration": _("Reintegration after a return"),
}
