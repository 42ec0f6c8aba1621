"""What agencies say of each other's referrals: coded, once, and unlinked."""

from collections.abc import Mapping
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from amana.care.referrals.models import Referral
from amana.errors import Refused
from amana.insight.facts import actions as facts
from amana.insight.feedback.models import PartnerRating, PartnerSide
from amana.insight.feedback.partner_scores import ASKED
from amana.insight.feedback.questions import FeedbackAnswer
from amana.insight.feedback.rules import rate_handling, rate_writing
from amana.trust.access.models import Organisation, User
from amana.trust.audit import log

RULES = {PartnerSide.SENDER: rate_handling, PartnerSide.RECIPIENT: rate_writing}


@transaction.atomic
def rate_referral(
    referral: Referral, side: PartnerSide, answers: Mapping[str, str], *, by: User
) -> None:
    """Rate the other side's work: each answer is a fact about its agency, and waits
    with others."""
    RULES[side].require(by, referral)
    try:
        with transaction.atomic():
            # First, so that the constraint stops the second of two colleagues; nothing
            # of what was said is stored with it.
            PartnerRating.objects.create(referral=referral, side=side)
    except IntegrityError:
        raise Refused(_("Your side has already given its feedback.")) from None
    of = get_rated(referral, side)
    about = {"sector": of.sphere, "agency": facts.build_agency_code(of)}
    facts.record_pending_observations(
        [
            ("partner", about | {"result": said, "topic": str(question)})
            for question in ASKED[side]
            if (said := answers.get(question, "")) in FeedbackAnswer.values
        ],
        person=uuid4(),
    )
    log.record("rated referral", by=by)


def get_rated(referral: Referral, side: PartnerSide) -> Organisation:
    """Return whose work the side speaks of."""
    if side == PartnerSide.SENDER:
        return referral.recipient.organisation
    return referral.sender.organisation
