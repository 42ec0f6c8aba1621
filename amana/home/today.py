"""What waits for somebody, and what they wait for: a few rows of each kind, by clock.

Codes, dates and references; a name only from a card that the person's own keys open.
Of all kinds one query says which there are at all for somebody; each of these is one
narrow query of few rows, along an index. So the page costs the same for everyone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.care.cases.models import Case, Closure, DueWhat, Transfer
from amana.care.cases.rules import (
    TAKERS,
    answer_transfer,
    supervise_case,
    work_on_case,
)
from amana.care.consent.models import Consent, Destruction, VitalInterest
from amana.care.consent.rules import (
    confirm_vital_interest,
    destroy_copies,
    write_for_outsiders,
)
from amana.care.pathways import words as ways
from amana.care.pathways.models import Due
from amana.care.pathways.rules import DOERS, do_assigned_step, do_step_asked
from amana.care.referrals.models import Referral, ReferralQuerySet
from amana.care.referrals.rules import (
    answer_referral,
    follow_referral,
    stand_in_for_sender,
    watch_referral,
)
from amana.care.requests.models import Enquiry, HelpRequest
from amana.care.requests.rules import follow_request, see_enquiry
from amana.care.screening.models import Screening
from amana.care.screening.rules import (
    follow_screening,
    keep_screening,
    receive_screening,
)
from amana.design.directory.models import Service
from amana.design.directory.models.services import STALE_AFTER
from amana.home import learning, policy, voices
from amana.home.kinds import Branches, Item, Kind
from amana.trust.access.kept import Anew, Worded, kept
from amana.trust.access.models import (
    ANSWERING,
    KEYHOLDERS,
    Membership,
    Organisation,
    Role,
    User,
)
from amana.trust.access.rules import admit_organisation, teams_of
from amana.trust.vault import cards
from amana.trust.vault.keys import Keyring
from amana.trust.vault.rules import confirm_membership

EACH = 10
"""So many rows of a kind are looked for."""

SHOWN = 20
"""So many rows stand on the page; the lists behind it have the rest."""

QUIET = 3
"""So many rows of a kind that can wait."""

SOON = timedelta(hours=24)

ADMITTING = frozenset({*KEYHOLDERS, Role.ADMINISTRATOR, Role.COORDINATOR})


@dataclass(frozen=True)
class Day:
    """What a person's page of today says."""

    items: list[Item]
    lists: list[Kind]
    """Where there is more than the page shows."""
    waited_for: list[Item]


def of(user: User) -> Day:
    found = list(what_waits(user))
    if len(found) < SHOWN:
        found += what_can_wait(user)
    mine = sorted((item for _kind, item in found), key=lateness)[:SHOWN]
    theirs = list(waited_for(user)) if user.roles & KEYHOLDERS else []
    names = names_of([*mine, *theirs], user)
    there = {kind for kind, _item in found}
    return Day(
        items=[item.named(names) for item in mine],
        lists=[kind for kind in KINDS if kind in there and kind.all],
        waited_for=[item.named(names) for item in theirs],
    )


def what_waits(user: User) -> Iterator[tuple[Kind, Item]]:
    """The first of each kind that is there at all."""
    now = timezone.now()
    branches = [
        (kind, branch)
        for kind in KINDS
        if kind.roles & user.roles and not kind.quiet
        for branch in kind.branches(user, now)
    ]
    for (kind, branch), there in zip(
        branches, are_there([branch.any() for _kind, branch in branches]), strict=True
    ):
        if there:
            for row in branch.first(EACH):
                yield kind, kind.item(row)


def what_can_wait(user: User) -> Iterator[tuple[Kind, Item]]:
    """A few of each quiet kind. On a full day nobody asks for them."""
    now = timezone.now()
    for kind in KINDS:
        if kind.quiet and kind.roles & user.roles:
            for branch in kind.branches(user, now):
                for row in branch.first(QUIET):
                    yield kind, kind.item(row)


def are_there(asked: list[Worded]) -> tuple[bool, ...]:
    """Which of these find anything. One query for all, as most find nothing."""
    if not asked:
        return ()
    columns = ", ".join(f"EXISTS({sql})" for sql, _given in asked)
    with connection.cursor() as cursor:
        # Not Django's `Exists`, which resolves all of each branch once more.
        cursor.execute(f"SELECT {columns}", [v for _sql, given in asked for v in given])
        return tuple(map(bool, cursor.fetchone()))


def lateness(item: Item) -> tuple[bool, datetime]:
    """What is late first; what has no time at the end."""
    return item.at is None, item.at or timezone.now()


# --- the kinds: what is looked for, and what is said of each


def teams(user: User, *roles: Role) -> list[int]:
    """Where to look for what is asked of a team; the rule says what is found."""
    return sorted({t for t, role in user.places if role in roles or not roles})[:50]


def referrals() -> ReferralQuerySet:
    """Only what a row says: a service alone has sixty columns."""
    along = ("service", "case", "need", "sender", "recipient")
    return Referral.objects.select_related(*along).only(
        "due_at",
        "status",
        "stage",
        "urgency",
        "service__name",
        "case__reference",
        "need__type",
        "sender__name",
        "recipient__name",
    )


@kept(User, datetime)
def cases_due(user: User, now: datetime) -> QuerySet[Case]:
    soon = Case.objects.open().filter(due_at__lte=now + SOON)
    mine = work_on_case.among(soon, user).only("due_at", "due_what", "reference")
    return mine.order_by("due_at", "pk")


def case_due(case: Case) -> Item:
    url = reverse("cases:case", args=[case.pk])
    what = str(DueWhat(case.due_what).label)
    return Item(case.due_at, what, case.reference, url, case.pk)


def steps_due(user: User, now: datetime) -> Branches:
    """On one's own cases, and asked of each team; by their clocks."""
    yield own_steps.of(user, now)
    for team in teams(user):
        yield steps_asked.of(user, team, now)


def steps(now: datetime) -> QuerySet[Due]:
    soon = Due.objects.filter(due_at__lte=now + SOON)
    return soon.select_related("case", "course__version").order_by("by_at", "pk")


@kept(User, datetime)
def own_steps(user: User, now: datetime) -> QuerySet[Due]:
    return do_assigned_step.among(steps(now), user)


@kept(User, int, datetime)
def steps_asked(user: User, team: int, now: datetime) -> QuerySet[Due]:
    return do_step_asked.among(steps(now).filter(team=team, own=False), user)


def step_due(due: Due) -> Item:
    url = reverse("pathways:step", args=[due.course_id, due.key])
    what = ways.step_of(due.course, due.key)
    return Item(due.due_at, what, due.case.reference, url, due.case_id)


def referrals_received(user: User, now: datetime) -> Branches:
    """By team and stage, as the index has them: of thousands nothing is sorted."""
    for team in teams(user, *ANSWERING):
        yield to_answer.of(user, team)
        yield in_progress.of(user, team)


@kept(User, int)
def to_answer(user: User, team: int) -> QuerySet[Referral]:
    return answer_referral.among(reached(team).to_answer(), user)


@kept(User, int)
def in_progress(user: User, team: int) -> QuerySet[Referral]:
    return answer_referral.among(reached(team).in_progress(), user)


def reached(team: int) -> ReferralQuerySet:
    return referrals().filter(recipient=team).order_by("due_at", "pk")


def referral_received(referral: Referral) -> Item:
    what = f"{referral.needed}: {referral.turn_for('recipient')}"
    about = f"{referral.urgency_words} · {referral.sender.name}"
    url = reverse("referrals:referral", args=[referral.pk])
    return Item(referral.due_at, what, about, url)


@kept(User)
def requests_received(user: User) -> QuerySet[Enquiry]:
    """Requests for help that one of the user's teams has to answer."""
    asked = see_enquiry.among(Enquiry.objects.asked(), user)
    said = asked.select_related("request", "service")
    only = said.only("due_at", "request__type", "request__urgency", "service__name")
    return only.order_by("due_at", "pk")


def request_received(enquiry: Enquiry) -> Item:
    url = reverse("requests:enquiry", args=[enquiry.pk])
    what = _("Answer a request for help")
    return Item(enquiry.due_at, what, enquiry.service.name, url)


@kept(User)
def people_to_ask(user: User) -> QuerySet[Referral]:
    """The service has said how it ended; the person has not yet been asked."""
    ended = follow_referral.among(referrals().to_confirm(), user)
    return ended.order_by("due_at", "pk")


def person_to_ask(referral: Referral) -> Item:
    what = _("Ask the person if %(service)s helped") % {"service": referral.service}
    return about_referral(referral, what)


def asked_for_a_colleague(user: User, now: datetime) -> Branches:
    """The same, while a colleague is away for whom one stands in."""
    ended = stand_in_for_sender.among(referrals().to_confirm(), user)
    yield Anew(ended.order_by("due_at", "pk"))


def person_of_a_colleague(referral: Referral) -> Item:
    what = _("For a colleague who is away: ask the person if it helped")
    return about_referral(referral, what)


def about_referral(referral: Referral, what: str) -> Item:
    url = reverse("referrals:referral", args=[referral.pk])
    case = referral.case
    return Item(referral.due_at, what, case.reference, url, case.pk)


@kept(User)
def transfers_offered(user: User) -> QuerySet[Transfer]:
    offered = answer_transfer.among(Transfer.objects.waiting(), user)
    said = offered.select_related("origin").only("due_at", "origin__name")
    return said.order_by("due_at", "pk")


def transfer_offered(transfer: Transfer) -> Item:
    url = reverse("cases:transfer", args=[transfer.pk])
    what = _("Take over a case, or not")
    return Item(transfer.due_at, what, transfer.origin.name, url)


@kept(User)
def screenings_received(user: User) -> QuerySet[Screening]:
    handed = receive_screening.among(Screening.objects.handed(), user)
    said = handed.select_related("origin").only("due_at", "origin__name")
    return said.order_by("due_at", "pk")


def screening_received(screening: Screening) -> Item:
    url = reverse("screening:result", args=[screening.pk])
    what = _("Go on with a screening that was handed to you")
    about = screening.origin.name if screening.origin else ""
    return Item(screening.due_at, what, about, url)


@kept(User)
def screenings_kept(user: User) -> QuerySet[Screening]:
    mine = keep_screening.among(Screening.objects.here(), user)
    return (
        mine.select_related("team")
        .only("due_at", "team__name")
        .order_by("due_at", "pk")
    )


def screening_kept(screening: Screening) -> Item:
    url = reverse("screening:result", args=[screening.pk])
    what = _("Decide where a screening goes")
    return Item(screening.due_at, what, screening.team.name, url)


@kept(User)
def closures_proposed(user: User) -> QuerySet[Closure]:
    """From the few that wait to their cases; a team has thousands of these."""
    case = Case.objects.filter(pk=OuterRef("case"))
    led = Closure.objects.waiting().filter(Exists(supervise_case.among(case, user)))
    said = led.select_related("case").only("proposed_at", "case__reference")
    return said.order_by("proposed_at", "pk")


def closure_proposed(closure: Closure) -> Item:
    what = _("Look at the end of a case")
    url = reverse("cases:case", args=[closure.case_id])
    reference = closure.case.reference
    at = closure.proposed_at
    return Item(at, what, reference, url, closure.case_id, since=True)


@kept(User, datetime)
def consents_ending(user: User, now: datetime) -> QuerySet[Consent]:
    mine = Q(case__in=work_on_case.among(Case.objects.open(), user))
    ending = Consent.objects.ending_soon(now).filter(mine).select_related("case")
    return ending.only("expires_at", "case__reference").order_by("expires_at", "pk")


def consent_ending(consent: Consent) -> Item:
    what = _("A consent ends: ask again, if it is still needed")
    url = reverse("consent:consent", args=[consent.pk])
    reference = consent.case.reference
    return Item(consent.expires_at, what, reference, url, consent.case_id)


@kept(User)
def to_confirm(user: User) -> QuerySet[VitalInterest]:
    undecided = VitalInterest.objects.undecided().select_related("case")
    ours = confirm_vital_interest.among(undecided, user)
    return ours.only(*OF_VITAL).order_by("confirm_by", "pk")


@kept(User)
def to_be_told(user: User) -> QuerySet[VitalInterest]:
    mine = Q(case__in=work_on_case.among(Case.objects.open(), user))
    untold = VitalInterest.objects.untold().filter(mine).select_related("case")
    return untold.only(*OF_VITAL).order_by("recorded_at", "pk")


OF_VITAL = ("recorded_at", "confirm_by", "case__reference")


def one_to_confirm(interest: VitalInterest) -> Item:
    url = reverse("consent:vital", args=[interest.pk])
    what = _("Sent without consent: confirm it, or take it back")
    case = interest.case
    return Item(interest.confirm_by, what, case.reference, url, case.pk)


def one_to_be_told(interest: VitalInterest) -> Item:
    url = reverse("consent:vital", args=[interest.pk])
    what = _("Sent without consent: tell the person as soon as possible")
    case, at = interest.case, interest.recorded_at
    return Item(at, what, case.reference, url, case.pk, since=True)


def destructions() -> QuerySet[Destruction]:
    told = Destruction.objects.waiting().select_related(
        "consent__case", "vital_interest__case"
    )
    said = ("told_at", "consent__case__reference", "vital_interest__case__reference")
    return told.only(*said).order_by("told_at", "pk")


@kept(User)
def copies_to_destroy(user: User) -> QuerySet[Destruction]:
    return destroy_copies.among(destructions(), user)


def copy_to_destroy(destruction: Destruction) -> Item:
    what = _("Destroy your copies, and confirm it")
    url = reverse("consent:destroy", args=[destruction.pk])
    reference = destruction.basis.case.reference
    return Item(destruction.told_at, what, reference, url, since=True)


@kept(User)
def outsiders_to_ask(user: User) -> QuerySet[Destruction]:
    """Recipients without Amana, whose copies are to be destroyed all the same."""
    return write_for_outsiders.among(destructions(), user)


def outsider_to_ask(destruction: Destruction) -> Item:
    what = _("Ask by telephone: are the copies destroyed?")
    url = reverse("consent:destroy", args=[destruction.pk])
    case = destruction.basis.case
    at = destruction.told_at
    return Item(at, what, case.reference, url, case.pk, since=True)


@kept(User, datetime)
def places_to_say(user: User, now: datetime) -> QuerySet[Service]:
    """Free places of one's own services that were said too long ago."""
    old = Q(places_said_at=None) | Q(places_said_at__lt=now - STALE_AFTER)
    ours = (
        Service.objects.active()
        .counting_places()
        .filter(old, team__in=teams_of(user, *PLACES))
    )
    said = ours.only("name", "places_said_at", "created_at")
    return said.order_by("places_said_at", "pk")


def places_of(service: Service) -> Item:
    at = service.places_said_at or service.created_at
    url = reverse("directory:places")
    what = _("Say how many places are free")
    return Item(at + STALE_AFTER, what, service.name, url)


def colleagues_to_admit(user: User, now: datetime) -> Branches:
    waiting = Membership.objects.waiting().select_related("team")
    said = waiting.only("proposed_at", "team__name").order_by("proposed_at", "pk")
    yield Anew(confirm_membership.among(said, user))


def colleague_to_admit(membership: Membership) -> Item:
    what = _("Vouch for a colleague, or not")
    url = reverse("vault:admissions")
    at, team = membership.proposed_at, membership.team.name
    return Item(at, what, team, url, since=True)


def organisations_to_admit(user: User, now: datetime) -> Branches:
    waiting = admit_organisation.among(Organisation.objects.only("name"), user)
    yield Anew(waiting.order_by("pk"))


def organisation_to_admit(organisation: Organisation) -> Item:
    what = _("Vouch for an organisation, or not")
    url = reverse("access:organisation", args=[organisation.pk])
    return Item(None, what, organisation.name, url)


@kept(User, datetime)
def referrals_late(user: User, now: datetime) -> QuerySet[Referral]:
    late = watch_referral.among(referrals().overdue(now), user)
    return late.order_by("due_at", "pk")


def referral_late(referral: Referral) -> Item:
    about = f"{referral.urgency_words} · {referral.needed}"
    return Item(referral.due_at, referral.turn, about, reverse("referrals:late"))


PLACES = (Role.FOCAL_POINT, Role.SUPERVISOR)
KINDS = (
    Kind(gettext_lazy("My cases"), KEYHOLDERS, cases_due, case_due, "cases:mine"),
    Kind(gettext_lazy("What is due"), DOERS, steps_due, step_due, "pathways:due"),
    Kind(
        gettext_lazy("Referrals to us"),
        frozenset(ANSWERING),
        referrals_received,
        referral_received,
        "referrals:inbox",
    ),
    Kind(
        "", frozenset(ANSWERING), requests_received, request_received, "referrals:inbox"
    ),
    Kind(
        gettext_lazy("What we sent"),
        KEYHOLDERS,
        people_to_ask,
        person_to_ask,
        "referrals:sent",
    ),
    Kind("", KEYHOLDERS, asked_for_a_colleague, person_of_a_colleague, ""),
    Kind(
        gettext_lazy("Cases offered to us"),
        frozenset(TAKERS),
        transfers_offered,
        transfer_offered,
        "cases:offered",
    ),
    Kind(
        gettext_lazy("Screenings"),
        frozenset(TAKERS),
        screenings_received,
        screening_received,
        "screening:home",
    ),
    Kind("", KEYHOLDERS, screenings_kept, screening_kept, ""),
    Kind(
        gettext_lazy("Cases of the team"),
        frozenset({Role.SUPERVISOR}),
        closures_proposed,
        closure_proposed,
        "cases:team",
    ),
    Kind("", KEYHOLDERS, to_confirm, one_to_confirm, ""),
    Kind("", KEYHOLDERS, to_be_told, one_to_be_told, ""),
    Kind("", KEYHOLDERS, consents_ending, consent_ending, ""),
    Kind(
        gettext_lazy("Copies to destroy"),
        KEYHOLDERS,
        copies_to_destroy,
        copy_to_destroy,
        "consent:destructions",
    ),
    Kind("", KEYHOLDERS, outsiders_to_ask, outsider_to_ask, ""),
    Kind(
        gettext_lazy("Free places"),
        frozenset(PLACES),
        places_to_say,
        places_of,
        "directory:places",
    ),
    Kind(
        gettext_lazy("People to let in"),
        ADMITTING,
        colleagues_to_admit,
        colleague_to_admit,
        "vault:admissions",
    ),
    Kind(
        gettext_lazy("Organisations"),
        frozenset({Role.ADMINISTRATOR, Role.COORDINATOR}),
        organisations_to_admit,
        organisation_to_admit,
        "access:organisations",
    ),
    Kind(
        gettext_lazy("Late referrals"),
        frozenset({Role.COORDINATOR}),
        referrals_late,
        referral_late,
        "referrals:late",
    ),
    *learning.KINDS,
    *voices.KINDS,
    *policy.KINDS,
)


@kept(User)
def referrals_waiting(user: User) -> QuerySet[Referral]:
    sent = follow_referral.among(referrals().waiting(), user)
    return sent.order_by("due_at", "pk")


@kept(User)
def requests_waiting(user: User) -> QuerySet[HelpRequest]:
    """Requests for help that the user follows, and that somebody is asked."""
    waiting = follow_request.among(HelpRequest.objects.filter(status="open"), user)
    return waiting.only("due_at", "type").order_by("due_at", "pk")


@kept(User)
def screenings_handed(user: User) -> QuerySet[Screening]:
    handed = follow_screening.among(Screening.objects.handed(), user)
    said = handed.select_related("team").only("due_at", "team__name")
    return said.order_by("due_at", "pk")


def waited_for(user: User) -> Iterator[Item]:
    """Referrals and screenings that somebody follows, on which others have to act."""
    for referral in referrals_waiting.of(user).first(EACH):
        yield about_referral(referral, f"{referral.needed}: {referral.turn}")
    for request in requests_waiting.of(user).first(EACH):
        url = reverse("requests:request", args=[request.pk])
        what = _("Waiting for a reply to a request for help")
        yield Item(request.due_at, what, str(request.needed), url)
    for screening in screenings_handed.of(user).first(EACH):
        url = reverse("screening:result", args=[screening.pk])
        what = _("A screening that you handed over")
        yield Item(screening.due_at, what, screening.team.name, url)


def names_of(items: list[Item], user: User) -> dict[UUID, str]:
    """The names on the cards of the cases, where the person's own keys open them."""
    wanted = {item.case for item in items if item.case}
    if not wanted or not isinstance(user.keyring, Keyring):
        return {}
    opened = cards.opened(by=user, cases=Q(case__in=wanted), purpose="today")
    return {case: str(card.get("name") or "") for case, card in opened}


def holds_keys(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and bool(request.user.roles & KEYHOLDERS)
