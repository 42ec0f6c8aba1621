"""What can be done in advocacy: plan, map, say, hold to a promise, follow what monitors
recommend."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.design.mechanism.models import Version
from amana.errors import Refused
from amana.insight.advocacy.models import (
    Commitment,
    Message,
    Office,
    PolicyPlan,
    Recommendation,
    Window,
)
from amana.insight.advocacy.rules import WRITERS, write_advocacy
from amana.insight.facts import actions as facts
from amana.trust.access.models import User
from amana.trust.access.rules import Denied, has_role
from amana.trust.audit import log


@dataclass(frozen=True)
class PolicyTarget:
    """What a plan wants, so that everyone can see whether it is reached."""

    goal: str
    seen_by: str
    why: str
    due_on: date
    within_reach: str = ""
    risks: str = ""
    state: str = PolicyPlan.State.OPEN


def _require_writer(user: User) -> None:
    if not has_role(user, WRITERS):
        raise Denied(write_advocacy, user)


@transaction.atomic
def begin_plan(aim: PolicyTarget, *, by: User) -> PolicyPlan:
    _require_writer(by)
    plan = PolicyPlan.objects.create(**vars(aim), made_by=by)
    log.record("began advocacy plan", plan, by=by)
    return plan


@transaction.atomic
def change_plan(plan: PolicyPlan, aim: PolicyTarget, *, by: User) -> None:
    write_advocacy.require(by, plan)
    PolicyPlan.objects.filter(pk=plan.pk).update(**vars(aim))
    log.record("changed advocacy plan", plan, by=by)


@transaction.atomic
def place_office(
    plan: PolicyPlan,
    title: str,
    *,
    side: str,
    power: str,
    view: str,
    moved_by: str = "",
    by: User,
) -> Office:
    """Place an office on the map of who decides; one that is named again moves."""
    write_advocacy.require(by, plan)
    office, _made = Office.objects.update_or_create(
        plan=plan,
        title=title,
        defaults={"side": side, "power": power, "view": view, "moved_by": moved_by},
    )
    log.record("placed on power map", plan, by=by)
    return office


@transaction.atomic
def remove_office(office: Office, *, by: User) -> None:
    write_advocacy.require(by, office)
    log.record("took off power map", office.plan, by=by)
    office.delete()


@transaction.atomic
def plan_window(
    title: str,
    *,
    kind: str,
    opens_on: date,
    closes_on: date,
    plan: PolicyPlan | None = None,
    by: User,
) -> Window:
    """Record a time in which one is heard."""
    _require_writer(by)
    if closes_on < opens_on:
        raise Refused(_("It ends before it starts."))
    window = Window.objects.create(
        title=title, kind=kind, opens_on=opens_on, closes_on=closes_on, plan=plan
    )
    log.record("planned window", window, by=by)
    return window


@transaction.atomic
def write_message(
    plan: PolicyPlan,
    words: str,
    *,
    audience: str,
    messenger: str,
    paid: bool = False,
    informed: bool = False,
    agreed_on: date | None = None,
    by: User,
) -> Message:
    """Write a message. Survivors who speak are paid, know what becomes of their words,
    and have agreed; they may withdraw it at any time. Raises `Refused` otherwise.
    """
    write_advocacy.require(by, plan)
    survivors = messenger == Message.Messenger.SURVIVOR
    if survivors and not (paid and informed and agreed_on):
        raise Refused(
            _(
                "Survivors speak only when they are paid, know where their words "
                "will be used, and have agreed. Confirm all three, or choose another "
                "messenger."
            )
        )
    message = Message.objects.create(
        plan=plan,
        words=words,
        audience=audience,
        messenger=messenger,
        agreed_on=agreed_on if survivors else None,
    )
    log.record("wrote message", plan, by=by, audience=audience, messenger=messenger)
    return message


@transaction.atomic
def withdraw_message(message: Message, *, by: User) -> None:
    """Withdraw a message, for those who would have spoken it."""
    write_advocacy.require(by, message)
    standing = Message.objects.filter(pk=message.pk, withdrawn_at=None)
    # The words go too: what a survivor withdraws is deleted, not hidden (ADR 29).
    if not standing.update(withdrawn_at=timezone.now(), words=""):
        raise Refused(_("This has already been withdrawn."))
    log.record("withdrew message", message.plan, by=by)


@transaction.atomic
def record_commitment(
    plan: PolicyPlan,
    words: str,
    *,
    office: str,
    made_on: date,
    due_on: date,
    source: str = "",
    by: User,
) -> Commitment:
    """Record what an office promised."""
    write_advocacy.require(by, plan)
    found = Commitment.objects.create(
        plan=plan,
        words=words,
        office=office,
        made_on=made_on,
        due_on=due_on,
        source=source,
    )
    log.record("recorded promise", found, by=by)
    return found


@transaction.atomic
def settle_commitment(
    commitment: Commitment, state: str, *, evidence: str, by: User
) -> None:
    """Record whether a promise was kept, and what shows it; it may be changed later."""
    write_advocacy.require(by, commitment)
    if state == Commitment.State.OPEN or not evidence.strip():
        raise Refused(
            _("Choose whether the commitment was kept, and add what shows it.")
        )
    Commitment.objects.filter(pk=commitment.pk).update(
        state=state, evidence=evidence, settled_on=timezone.localdate()
    )
    log.record("settled promise", commitment, by=by, state=state)


# --- what monitors recommend


@transaction.atomic
def record_recommendation(
    words: str, *, monitor: str, source: str, given_on: date, by: User
) -> Recommendation:
    _require_writer(by)
    found = Recommendation.objects.create(
        words=words, monitor=monitor, source=source, given_on=given_on
    )
    _tell(found)
    log.record("recorded recommendation", found, by=by, monitor=monitor)
    return found


@transaction.atomic
def update_recommendation(
    recommendation: Recommendation,
    state: str,
    *,
    how: str = "",
    version: Version | None = None,
    provision: str = "",
    by: User,
) -> None:
    """Update the state of a recommendation, and which version of the mechanism honours
    it by which provision of its law.
    """
    write_advocacy.require(by, recommendation)
    if state != Recommendation.State.OPEN and not how.strip():
        raise Refused(_("Describe what was done."))
    if provision and (version is None or provision not in version.pack.law):
        raise Refused(
            _(
                "This version of the mechanism does not contain that legal "
                "provision. Choose another version or provision."
            )
        )
    changed = recommendation.state != state
    now = {"state": state, "how": how, "version": version, "provision": provision}
    Recommendation.objects.filter(pk=recommendation.pk).update(**now)
    for name, value in now.items():
        setattr(recommendation, name, value)
    if changed:
        _tell(recommendation)
    log.record("settled recommendation", recommendation, by=by, state=state)


def _tell(recommendation: Recommendation) -> None:
    """Record the recommendation for the figures."""
    # The figures count each recommendation once: a later report corrects the earlier
    # one.
    fact = facts.record_observation(
        "recommendation",
        result=recommendation.state,
        corrects=recommendation.fact,
    )
    Recommendation.objects.filter(pk=recommendation.pk).update(fact=fact)
    recommendation.fact = fact
