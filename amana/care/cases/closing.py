"""What is looked at before the work ends (GBVIMS+ closure checklist)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CHECKLIST: dict[str, str | Promise] = {
    "needs": _("The needs are met, or somebody else answers for them"),
    "plan": _("The plan was looked at with the person"),
    "safety": _("Safety was looked at once more"),
    "agreed": _("The person agrees that the work ends"),
    "return": _("The person knows how to come back, and may"),
    "copies": _("The person was told what is kept, and for how long"),
    "feedback": _("The person was asked what helped and what did not"),
}
REQUIRED = ("safety", "agreed", "return")
"""Without these ticked, the reason has to be written down."""
