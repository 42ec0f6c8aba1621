"""Which steps of a referral can be undone for ten minutes, and how they are held."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Model
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from amana.care.cases.models import Urgency
from amana.care.pending import actions as pending
from amana.care.pending.decision_kinds import KINDS, DecisionKind
from amana.care.pending.models import PendingDecision
from amana.care.referrals import actions, referral_messages
from amana.care.referrals.models import Referral
from amana.care.referrals.referral_messages import MessageKind
from amana.care.referrals.rules import SPEAKS
from amana.care.referrals.steps import BY_CODE, ReferralStep
from amana.trust.access.models import User
from amana.trust.vault import disclosures, documents
from amana.trust.vault.models import generate_uuid7

DECIDED: dict[str, str | Promise] = {
    "decline": _("You declined this referral"),
    "complete": _("You reported that the service is completed"),
    "partly": _("You reported that the need is met in part"),
    "discontinue": _("You reported that the service ended early"),
    "confirm": _("You recorded the person’s answer"),
    "unasked": _("You closed this referral without the person’s answer"),
}
"""The steps that can be undone, as the page of who took one says it."""

LETTERS = {"decline": MessageKind.ANSWER}
"""As what the word to the other team is sealed, where it is no report."""

GOES_ON = frozenset({"decline", "discontinue"})
"""After these the person needs another service: in an emergency that can't wait."""


def compute_effect_time(referral: Referral, step: ReferralStep) -> datetime | None:
    """Compute when a step that is taken now takes effect; None: at once. Never later
    than when a clock would notify that there is no answer."""
    if step.code not in DECIDED:
        return None
    if step.code in GOES_ON and referral.urgency == Urgency.U0:
        return None
    return pending.compute_due_at(latest=referral.tell_at)


@transaction.atomic
def decide(
    referral: Referral,
    step: ReferralStep,
    *,
    due_at: datetime,
    by: User,
    note: str = "",
    words: str = "",
    **choices: object,
) -> PendingDecision:
    """Hold a step back, with its words."""
    SPEAKS[step.side].require(by, referral)
    if not step.allowed(referral.state):
        raise referral.changed(step.to)
    # The words are sealed now, where they can't be read yet: the timer that carries the
    # step out has no keys (ADR 49).
    id = generate_uuid7()
    if note:
        team, kind = referral.recipient, LETTERS.get(step.code, MessageKind.REPORT)
        referral_messages.write(
            referral, kind, {"text": note}, team=team, by=by, held_for=id
        )
    if words:
        name, content = build_document_name(id), {"words": words}
        documents.write(referral.case_id, actions.WORDS_IN, content, by=by, name=name)
    coded = {name: encode_choice(choice) for name, choice in choices.items()}
    return pending.hold_decision(
        build_kind(step),
        referral,
        due_at=due_at,
        by=by,
        about=referral.case_id if step.side == "sender" else None,
        choices=coded,
        id=id,
    )


def encode_choice(choice: object) -> object:
    return choice.pk if isinstance(choice, Model) else choice


def build_kind(step: ReferralStep) -> str:
    return f"referrals.{step.code}"


def build_document_name(decision: UUID) -> str:
    """Build the name of the sealed document with the words of the person."""
    return f"referral/{decision.hex}"


def release(decision: PendingDecision) -> None:
    disclosures.release_letters(decision.pk)


def discard(decision: PendingDecision) -> None:
    disclosures.destroy_held_letters(decision.pk)
    referral = Referral.objects.filter(pk=decision.thing).first()
    if referral is None:  # and with it all that was sealed
        return
    name = build_document_name(decision.pk)
    documents.discard(referral.case_id, actions.WORDS_IN, name)


def register() -> None:
    for code, label in DECIDED.items():
        KINDS[build_kind(BY_CODE[code])] = DecisionKind(
            label=label,
            find=lambda id: Referral.objects.for_page().get(pk=id),
            # A colleague who acts meanwhile changes the version: then the decision
            # fails, and only its maker is notified (ADR 49).
            state=lambda referral: str(referral.version),
            act=BY_CODE[code].act,
            address=lambda referral: reverse("referrals:referral", args=[referral.pk]),
            release=release,
            discard=discard,
        )
