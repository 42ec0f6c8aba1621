"""How far learners are, told to the systems from which they came, where they agreed:
how many modules they have passed, and nothing else."""

import json
import time
from secrets import token_urlsafe
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.db.models import QuerySet
from django.utils import timezone
from joserfc import jwt

from amana.academy.courses.learner_progress import load_progress
from amana.academy.courses.models import Enrolment
from amana.exchange import web
from amana.exchange.learning.lti import actions, keys, messages
from amana.exchange.learning.lti.models import Platform, Score

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
KIND = "application/vnd.ims.lis.v1.score+json"


def send_waiting() -> tuple[int, int]:
    """Send the scores that wait; return how many were sent, and how many could not
    be.
    """
    told = failed = 0
    for mark in find_waiting():
        try:
            told += send_if_changed(mark)
        except (web.NoResponse, Score.NotUpdated):  # or its link was ended meanwhile
            failed += 1
    return told, failed


def send_if_changed(mark: Score) -> bool:
    """Send a score if it has changed; return whether it had."""
    passed, modules = count_passed_modules(mark)
    if passed == mark.passed:
        return False
    send(mark, passed, modules)
    # Recorded only once the other system has answered: what failed is sent at the next
    # run.
    actions.record_sent(mark, passed, by=None)
    return True


def find_waiting() -> QuerySet[Score]:
    return (
        Score.objects.filter(link__tells=True, link__platform__closed_at=None)
        .filter(link__person__is_active=True)
        .select_related("link__platform", "link__person", "course")
        .order_by("pk")
    )


def count_passed_modules(mark: Score) -> tuple[int, int]:
    """Count how many modules are passed, of how many; 0 of 0 if nothing was begun."""
    enrolments = Enrolment.objects.for_page().filter(person=mark.link.person)
    enrolment = enrolments.filter(version__course=mark.course).first()
    if enrolment is None:
        return 0, 0
    modules = load_progress(enrolment).modules
    return sum(module.passed for module in modules), len(modules)


def send(mark: Score, passed: int, modules: int) -> None:
    platform = mark.link.platform
    whole = passed == modules > 0
    said = {
        "userId": mark.link.subject,
        "scoreGiven": passed,
        "scoreMaximum": max(modules, 1),
        "activityProgress": "Completed" if whole else "InProgress",
        "gradingProgress": "FullyGraded" if whole else "Pending",
        "timestamp": timezone.now().isoformat(),
    }
    headers = {"Content-Type": KIND, "Authorization": f"Bearer {fetch_token(platform)}"}
    web.request_json(
        build_scores_address(mark.line_item),
        data=json.dumps(said).encode(),
        headers=headers,
    )


def build_scores_address(line_item: str) -> str:
    """Build the address of its scores: they come before the query. Raises
    `NoAnswer`.
    """
    if not web.is_allowed(line_item):
        raise web.NoResponse("not an address for this")
    parts = urlsplit(line_item)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/scores"))


def fetch_token(platform: Platform) -> str:
    """Fetch the right to write scores, for a while. Raises `NoAnswer`."""
    key, now = keys.get_own_key(), int(time.time())
    claims: dict[str, object] = {
        "iss": platform.client_id,
        "sub": platform.client_id,
        "aud": platform.token_url,
        "iat": now,
        "exp": now + 60,
        # A new number each time: the other system refuses an assertion that it has
        # seen.
        "jti": token_urlsafe(16),
    }
    signed = jwt.encode({"alg": "RS256", "kid": key.kid, "typ": "JWT"}, claims, key)
    asked = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION,
        "client_assertion": signed,
        "scope": messages.SCORE,
    }
    answer = web.request_json(platform.token_url, data=urlencode(asked).encode())
    given = answer.get("access_token") if isinstance(answer, dict) else None
    if not isinstance(given, str):
        raise web.NoResponse("no token")
    return given
