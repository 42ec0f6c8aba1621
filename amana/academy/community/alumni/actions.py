"""Actions in the circle: join, talk, announce a clinic, leave."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.academy import circle
from amana.academy.community.alumni import rules
from amana.academy.community.alumni.events import gathering_announced, place_ran_out
from amana.academy.community.alumni.models import (
    CircleEnding,
    CircleMembership,
    Gathering,
    Talk,
    TalkMessage,
    TalkTheme,
)
from amana.academy.credentials.models import Certificate
from amana.errors import Changed, Refused
from amana.trust.access.models import User
from amana.trust.audit import log

TALKS_KEPT = timedelta(days=90)
GATHERINGS_KEPT = timedelta(days=30)
PLACES_KEPT = timedelta(days=365)


# --- being in it


@transaction.atomic
def join_circle(*, by: User) -> CircleMembership:
    """Join the circle. What is written from now on is sealed to this person too;
    nothing from before. Raises `Refused` without a valid certificate, and `Changed`
    when already in it."""
    if not rules.find_certificates(by).exists():
        raise Refused(_("Only people with a valid certificate can join the circle."))
    place, new = CircleMembership.objects.get_or_create(person=by, left_at=None)
    if not new:
        raise Changed(_("You are already in the circle."))
    log.record("joined circle", place, by=by)
    return place


@transaction.atomic
def leave_circle(*, by: User) -> None:
    """Leave the circle, at any time and without a reason."""
    place = CircleMembership.objects.standing().filter(person=by).first()
    if place is None:
        raise Changed(_("You are no longer in the circle."))
    _end(place, CircleEnding.LEFT)
    log.record("left circle", place, by=by)


@transaction.atomic
def end_lapsed_place(place: CircleMembership) -> None:
    """End the place of a person whose certificates have all ended or were revoked."""
    # Another certificate may still be in force, or have been issued meanwhile.
    if rules.find_place(place.person):
        return
    _end(place, CircleEnding.RAN_OUT)
    log.record("place in circle ran out", place, by=None)
    place_ran_out.send(CircleMembership, place=place)


def _end(place: CircleMembership, how: CircleEnding) -> None:
    now = timezone.now()
    standing = CircleMembership.objects.standing().filter(pk=place.pk)
    if not standing.update(left_at=now, ending=how):
        raise Changed(_("You are no longer in the circle."))
    place.left_at, place.ending = now, how
    # Only these were sealed to this person: each talk has its own key, for those who
    # were there when it began (ADR 20).
    heard = Talk.objects.filter(begun_at__gte=place.joined_at)
    alone = circle.leave(heard.values_list("pk", flat=True), person=place.person)
    # No one is left who could open them, so their keys are destroyed already.
    Talk.objects.filter(pk__in=alone).delete()


def end_lapsed_places() -> int:
    """End all places without a valid certificate; return how many."""
    places = CircleMembership.objects.standing().select_related("person")
    found = list(places.exclude(person__in=_here()))
    for place in found:
        end_lapsed_place(place)
    return len(found)


# --- talking


@transaction.atomic
def begin_talk(theme: TalkTheme, text: str, *, by: User) -> Talk:
    """Begin a talk with all who are in the circle now."""
    _require_place(by)
    talk = Talk.objects.create(theme=theme, by=by)
    # In the transaction of the key: a person who joins while it is made is not among
    # those it is wrapped for.
    people = set(_here())
    circle.begin(talk.pk, people, by=by)
    _say(talk, text, by)
    log.record("began talk in circle", talk, by=by, people=len(people))
    return talk


def _here() -> QuerySet[User]:
    """Find the active people in the circle; the same rule as `rules.find_place`, for
    all."""
    held = Certificate.objects.in_force().values("learner")
    seated = CircleMembership.objects.standing().filter(person__in=held)
    return User.objects.filter(is_active=True, pk__in=seated.values("person"))


@transaction.atomic
def answer_talk(talk: Talk, text: str, *, by: User) -> TalkMessage:
    rules.join_talk.require(by, talk)
    # Held until the answer is written: the talk may be withdrawn at the same moment,
    # and an answer must not outlive its key.
    held = Talk.objects.select_for_update(no_key=True).filter(pk=talk.pk)
    if not held.exists():
        raise Changed(_("This discussion no longer exists."))
    said = _say(talk, text, by)
    log.record("answered in circle", talk, by=by)
    return said


def _say(talk: Talk, text: str, by: User) -> TalkMessage:
    said = TalkMessage.objects.create(talk=talk, by=by)
    circle.write(talk.pk, build_document_name(said), {"text": text}, by=by)
    return said


def build_document_name(said: TalkMessage) -> str:
    return f"said {said.pk}"


@transaction.atomic
def withdraw_talk(talk: Talk, *, by: User) -> None:
    """Delete a talk with every answer, for all."""
    rules.take_back_talk.require(by, talk)
    # Before the row goes, because the event names it.
    log.record("took back talk in circle", talk, by=by)
    _destroy(talk)


def _destroy(talk: Talk) -> None:
    circle.destroy(talk.pk)
    talk.delete()


def _require_place(by: User) -> None:
    if rules.find_place(by) is None:
        raise Refused(_("You are no longer in the circle."))


# --- clinics


@transaction.atomic
def announce_clinic(
    starts_at: datetime, *, where: str, about: str, by: User
) -> Gathering:
    if not rules.may_announce(by):
        raise Refused(_("You are no longer in the circle."))
    if starts_at <= timezone.now():
        raise Refused(_("Choose a time in the future."))
    found = Gathering.objects.create(
        starts_at=starts_at, where=where, about=about, announced_by=by
    )
    log.record("announced clinic in circle", found, by=by)
    gathering_announced.send(Gathering, gathering=found)
    return found


@transaction.atomic
def cancel_clinic(gathering: Gathering, *, by: User) -> None:
    rules.call_off_gathering.require(by, gathering)
    log.record("called off clinic in circle", gathering, by=by)
    gathering.delete()


# --- what is over


@transaction.atomic
def delete_expired() -> None:
    """Destroy the talks in which no one has written for three months, and delete old
    clinics and places; run by a timer."""
    now = timezone.now()
    # One by one, since each has a key of its own that has to be destroyed with it.
    for talk in Talk.objects.over(TALKS_KEPT):
        log.record("destroyed talk in circle", talk, by=None)
        _destroy(talk)
    Gathering.objects.filter(starts_at__lt=now - GATHERINGS_KEPT).delete()
    CircleMembership.objects.filter(left_at__lt=now - PLACES_KEPT).delete()
