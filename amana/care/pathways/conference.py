"""A conference: those who help talk a case over, as far as its person agrees.

A step is one where it leaves `conference`: what has become of the plan, as a code. Who
was invited and what was agreed are words about a person, and sealed in the case."""

from collections.abc import Collection, Mapping

from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from amana.care.pathways import labels
from amana.design.mechanism.pack.pack_model import Pack
from amana.design.pathway.pathway_model import Do, Step
from amana.errors import Refused

LEAVES = "conference"

ITS_OWN: Mapping[str, labels.Words] = {
    "person": _("The person"),
    "for_person": _("Someone sent by the person"),
}
"""Who may come besides the roles of the mechanism."""


def is_conference(step: Step) -> bool:
    return isinstance(step, Do) and LEAVES in step.gives


def list_participants(pack: Pack) -> list[tuple[str, str]]:
    """List who may come, by code and in words."""
    return [
        *((code, str(label)) for code, label in ITS_OWN.items()),
        *((role, labels.format_role(role, pack)) for role in pack.roles),
    ]


def format_participants(codes: Collection[str], pack: Pack) -> list[str]:
    return [str(ITS_OWN.get(code) or labels.format_role(code, pack)) for code in codes]


def require_conference(pack: Pack, *, invited: Collection[str], agreed: str) -> None:
    """Refuse a conference to which no one was invited, or that agreed on nothing."""
    known = ITS_OWN.keys() | pack.roles.keys()
    if not invited or not set(invited) <= known:
        raise Refused(say("Choose who was invited to the case conference."))
    if not agreed.strip():
        raise Refused(say("Record what was agreed, who does it and by when."))
