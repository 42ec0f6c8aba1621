"""What a learner does with the account itself asks that they have signed in lately.

A session of theirs outlasts a lesson, on a computer that others use too; allauth never
asks who has no passphrase."""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpRequest, HttpResponse

from amana.installed import LEARNER_SIGN_IN
from amana.trust.access.http import send_to, signed_in
from amana.trust.access.models import User
from amana.trust.access.tasks import has_mailbox

LATELY = timedelta(minutes=10)
ELSEWHERE = "lti"
"""The method of who came in from another learning system."""

type View = Callable[..., HttpResponse]


def require_fresh_learner(view: View) -> View:
    """Send a learner who has not signed in lately to the door, and from there back."""

    @wraps(view)
    def take(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        user = signed_in(request)
        if user is not None and user.only_learns and not is_fresh(request, user):
            return send_to(request, LEARNER_SIGN_IN)
        return view(request, *args, **kwargs)

    return take


def is_fresh(request: HttpRequest, learner: User) -> bool:
    """Check whether they have shown lately that it is them: by the mailbox or a
    passkey; by coming from elsewhere only while they have no mailbox here."""
    shown = [
        record["at"]
        for record in get_authentication_records(request, learner)
        if record["method"] != ELSEWHERE or not has_mailbox(learner)
    ]
    return bool(shown) and time.time() - max(shown) < LATELY.total_seconds()
