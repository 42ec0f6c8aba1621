"""What is asked of both sides once a referral has ended, and what enough have said."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from amana.insight.facts import actions as facts
from amana.insight.facts.codes import Partner as P
from amana.insight.facts.models import Observation
from amana.insight.feedback.heard import get_first_month
from amana.insight.feedback.models import PartnerSide
from amana.insight.measure.country import get_smallest_group
from amana.trust.access.models import Organisation

ROUNDED_TO = 10
"""Per cent: a share that moves by less says nothing of who answered last."""

ASKED: Mapping[str, Mapping[str, str | Promise]] = {
    PartnerSide.SENDER: {
        P.ANSWERED: _("Did they answer when needed?"),
        P.REACHABLE: _("Could you reach them?"),
        P.TOLD: _("Did they keep you informed?"),
        P.TREATED: _("Did they treat the person well, as far as you know?"),
    },
    PartnerSide.RECIPIENT: {
        P.COMPLETE: _("Did the referral have the information you needed?"),
        P.FITTING: _("Did the referral go to the right place?"),
        P.REACHABLE: _("Could you reach them?"),
        P.PREPARED: _("Did the person know what to expect?"),
    },
}


@dataclass(frozen=True)
class PartnerScore:
    """What at least eleven answers say of one agency: the share of yes, rounded."""

    agency: str
    topic: str | Promise
    yes: int


def list_shares() -> list[PartnerScore]:
    """List the shares by agency and question, where enough have answered in twelve
    months: how they work now, not how those were who worked there years ago."""
    lately = Observation.objects.in_force().filter(month__gte=get_first_month())
    of_partners = lately.filter(kind="partner").exclude(result="")
    rows = of_partners.values_list("agency", "topic", "result")
    counted: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for agency, topic, result, number in rows.annotate(number=Count("pk")):
        counted[agency, topic][result] = number
    enough = get_smallest_group()
    names = {
        facts.build_agency_code(organisation): organisation.name
        for organisation in Organisation.objects.admitted()
    }
    found = [
        PartnerScore(names.get(agency, agency), P(topic).label, compute_share(results))
        for (agency, topic), results in counted.items()
        if sum(results.values()) >= enough
    ]
    return sorted(found, key=lambda one: (one.agency, str(one.topic)))


def compute_share(results: Mapping[str, int]) -> int:
    yes = 100 * results.get("yes", 0) / sum(results.values())
    return int((yes + ROUNDED_TO / 2) // ROUNDED_TO * ROUNDED_TO)
