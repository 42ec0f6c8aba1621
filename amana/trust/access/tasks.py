"""Messages that leave the house. They reveal nothing about anyone."""

from collections.abc import Iterable
from functools import partial

from django.conf import settings
from django.core.cache import cache
from django.core.mail import send_mail
from django.db import transaction
from django.tasks import task
from django.utils.translation import gettext as _
from django.utils.translation import override

from amana.trust.access.models import Membership, Role, Team, User

NO_MAILBOX = ".invalid"
"""How the addresses end of learners who have none here; RFC 2606, section 2."""
QUIET = 60 * 60
"""Seconds in which a person gets no second message for what isn't urgent."""


def has_mailbox(user: User) -> bool:
    """Check whether mails reach someone: not a learner who comes in from elsewhere."""
    return not user.email.endswith(NO_MAILBOX)


@task
def notify_invited(user_id: int) -> None:
    """Notify someone that a colleague will hand over a code."""
    # The code itself is never mailed: with it, a reader of the mailbox could join in
    # their place.
    user = User.objects.get(pk=user_id)
    if not has_mailbox(user):
        return
    with override(user.language):
        send_mail(
            _("A message from your colleague"),
            _(
                "A colleague has set up an account for you. Ask them for your code, "
                "in person or by phone, and enter it here: %(address)s"
            )
            % {"address": f"{settings.ADDRESS}/keys/join"},
            None,
            [user.email],
        )


@task
def notify_user(user_id: int, urgent: bool = False) -> None:
    """Notify a user."""
    user = User.objects.get(pk=user_id)
    notify_address(user.email, user.language, urgent=urgent)


def notify_once_committed(people: Iterable[int], *, urgent: bool = False) -> None:
    """Notify these users, once what it is about is committed."""
    for pk in people:
        transaction.on_commit(partial(notify_user.enqueue, pk, urgent=urgent))


@task
def notify_team(team_id: int, roles: list[str], urgent: bool) -> None:
    """Notify those of a team who hold one of these roles, and its own mailbox."""
    team = Team.objects.get(pk=team_id)
    held = Membership.objects.holding([Role(role) for role in roles])
    members = held.filter(team=team, user__is_active=True).order_by("user")
    people = list(members.values_list("user__email", "user__language").distinct())
    if people and team.email:
        people.append((team.email, settings.LANGUAGE_CODE))
    notify_each(people, urgent=urgent)


def notify_address(address: str, language: str, *, urgent: bool) -> None:
    """Notify an address that something waits; what it is, is read after signing in."""
    notify_each([(address, language)], urgent=urgent)


def notify_each(people: Iterable[tuple[str, str]], *, urgent: bool) -> None:
    """Notify several, by address and language. A mailbox that takes nothing keeps no
    colleague from being notified; afterwards the first such error is raised."""
    errors = [
        error
        for address, language in people
        if (error := _asked(address, language, urgent=urgent))
    ]
    if errors:
        raise errors[0]


def notify_outside(address: str, language: str, *, where: str, urgent: bool) -> None:
    """Notify a team without accounts."""
    # The address is the same for everyone: the code stays with them and is in no mail.
    with override(language):
        message = _(
            "Something is waiting for your team. If you have a return slip, enter "
            "its code here: %(address)s\n\nIf you don’t have one, call the team that "
            "shares information with you.\n\nEveryone gets this same message. It "
            "contains no information about any person."
        ) % {"address": f"{settings.ADDRESS}{where}"}
        subject = _("Something is waiting for your team")
    if error := _mailed(address, subject, message, urgent=urgent):
        raise error


def _asked(address: str, language: str, *, urgent: bool) -> OSError | None:
    with override(language):
        subject = _("Something is waiting for you in Amana")
        message = _(
            "Please sign in to Amana: something is waiting for you or your team.\n\n"
            "Everyone gets this same message. It contains no information about any "
            "person."
        )
    return _mailed(address, subject, message, urgent=urgent)


def _mailed(
    address: str, subject: str, message: str, *, urgent: bool
) -> OSError | None:
    if address.endswith(NO_MAILBOX):  # a bounce would reach the operator alone
        return None
    told = f"told:{address}"
    if not cache.add(told, True, QUIET) and not urgent:
        return None
    try:
        send_mail(subject, message, None, [address])
    except OSError as error:  # SMTPException is one
        # It reached no one, so the next message is no repetition.
        cache.delete(told)
        return error
    return None
