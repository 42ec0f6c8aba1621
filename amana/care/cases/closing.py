"""What is reviewed before the work ends (GBVIMS+ closure checklist)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CHECKLIST: dict[str, str | Promise] = {
    "needs": _("Needs are met, or someone else is responsible for them"),
    "plan": _("The plan was reviewed with the person"),
    "safety": _("Safety was reviewed one last time"),
    "agreed": _("The person agrees to the closure"),
    "return": _("The person knows that they can come back, and how"),
    "copies": _("The person was informed what is kept, and for how long"),
    "feedback": _("The person was asked what helped and what did not"),
}
REQUIRED = ("safety", "agreed", "return")
"""Without these ticked, the reason has to be written down."""
