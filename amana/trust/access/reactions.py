"""What is written down when someone's second factors change."""

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.dispatch import receiver
from django.http import HttpRequest

from amana.trust.access import sessions
from amana.trust.access.http import note_factor, passed_both
from amana.trust.access.models import User
from amana.trust.audit import log


@receiver(authenticator_added, dispatch_uid="second factor added")
def record_added_factor(
    request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: object
) -> None:
    """Record an added factor; who has just shown that the first one works has passed
    it."""
    log.record("added second factor", user, by=user, kind=authenticator.type)
    if not passed_both(request):
        note_factor(request, user, authenticator.type)
    sessions.end_all_sessions(user, but=request.session.session_key)


@receiver(authenticator_removed, dispatch_uid="second factor removed")
def record_removed_factor(
    request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: object
) -> None:
    log.record("removed second factor", user, by=user, kind=authenticator.type)
    sessions.end_all_sessions(user, but=request.session.session_key)
