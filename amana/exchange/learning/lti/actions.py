"""Let another system's people in, one way in at a time; link accounts; tell marks."""

from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.academy.courses.models import Course
from amana.academy.learners import actions as learners
from amana.errors import Refused
from amana.exchange.learning.lti import messages
from amana.exchange.learning.lti.models import (
    TO_ARRIVE,
    AccountLink,
    Launch,
    Platform,
    Score,
)
from amana.exchange.learning.lti.rules import (
    can_keep_platforms,
    is_own_link,
    keep_platform,
)
from amana.trust.access import sessions
from amana.trust.access.models import User
from amana.trust.access.rules import Denied
from amana.trust.access.tasks import has_mailbox
from amana.trust.audit import log

LAUNCHES_FOR = timedelta(days=1)

# --- the other systems


@transaction.atomic
def add_platform(*, by: User, **said: str) -> Platform:
    if not can_keep_platforms(by):
        raise Denied(keep_platform, Platform())
    try:
        # A savepoint: after a broken constraint PostgreSQL takes no more queries in a
        # transaction.
        with transaction.atomic():
            platform = Platform.objects.create(added_by=by, **said)
    except IntegrityError:
        raise Refused(_("This learning system is already on the list.")) from None
    log.record("added learning system", platform, by=by)
    return platform


@transaction.atomic
def close_platform(platform: Platform, *, by: User) -> None:
    """Close a learning system: no one comes from there any more, and it is sent nothing
    more.
    """
    keep_platform.require(by, platform)
    now = timezone.now()
    if not Platform.objects.open().filter(pk=platform.pk).update(closed_at=now):
        raise Refused(_("This has already ended."))
    platform.closed_at = now
    # Who came in from there is signed out, and so is anyone who came in their name.
    for link in platform.links.filter(opens=True).select_related("person"):
        sessions.end_all_sessions(link.person)
    log.record("closed learning system", platform, by=by)


# --- a way in


def build_course_address(course: Course) -> str:
    """Build the address that the other system is given for a course: its page."""
    return f"{settings.ADDRESS}{reverse('courses:course', args=[course.slug])}"


def hash_cookie(cookie: str) -> str:
    return sha256(cookie.encode()).hexdigest()


@transaction.atomic
def begin(platform: Platform, course: Course, *, browser: str) -> Launch:
    """Begin a launch: a person pressed a button over there, and is not known yet."""
    return Launch.objects.create(
        platform=platform,
        course=course,
        state=token_urlsafe(32),
        nonce=token_urlsafe(32),
        # Only the hash: a copy of the database is not enough to continue a launch.
        browser=hash_cookie(browser),
    )


def forget_launches() -> int:
    """Delete the launches that are over: who came is not kept."""
    over = Launch.objects.filter(begun_at__lt=timezone.now() - LAUNCHES_FOR)
    return over.delete()[0]


def arrive(state: str, token: str, *, browser: str, by: None) -> Launch:
    """Accept the other system's message: once, in time, in the same browser. Raises
    `Refused`.
    """
    launches = Launch.objects.waiting().filter(platform__closed_at=None)
    launch = launches.select_related("platform", "course").filter(state=state).first()
    if launch is None:
        raise Refused(
            _(
                "This link to the course is unknown or has already been used. Open the "
                "course again from your learning system."
            )
        )
    # A message that was begun in an attacker's browser could otherwise link the
    # attacker's account over there with a victim's here (login CSRF).
    if launch.browser != hash_cookie(browser):
        raise Refused(
            _(
                "You started in another browser. Open the course again from "
                "your learning system."
            )
        )
    if timezone.now() - launch.begun_at > TO_ARRIVE:
        raise messages.build_too_old(launch.platform)
    claims = messages.verify_message(token, launch, build_course_address(launch.course))
    return _arrive(launch, claims, by=by)


@transaction.atomic
def _arrive(launch: Launch, claims: messages.Claims, *, by: None) -> Launch:
    said: Mapping[str, object] = {
        "arrived_at": timezone.now(),
        "subject": claims["sub"],
        "line_item": messages.read_line_item(claims, launch.platform),
    }
    # The update decides: one launch lets in one arrival, however often its message is
    # sent.
    if not Launch.objects.waiting().filter(pk=launch.pk).update(**said):
        raise Refused(
            _(
                "This link to the course is unknown or has already been used. Open the "
                "course again from your learning system."
            )
        )
    launch.refresh_from_db()
    link = find_link(launch)
    if link is not None:
        record_line_item(link, launch)
    log.record("came from learning system", launch.platform, by=by)
    return launch


def find_link(launch: Launch) -> AccountLink | None:
    links = launch.platform.links.select_related("person")
    return links.filter(subject=launch.subject).first()


def record_line_item(link: AccountLink, launch: Launch) -> None:
    """Record where the other system wants to get scores for this course."""
    if launch.line_item:
        Score.objects.get_or_create(
            link=link, course=launch.course, line_item=launch.line_item
        )


# --- whose account it is


@transaction.atomic
def link_account(
    launch: Launch, *, tells: bool, opens: bool = False, by: User
) -> AccountLink:
    """Link the account over there, as the person's own. `opens`: it was opened from
    there, and is entered from there."""
    if not Launch.objects.arrived().filter(pk=launch.pk).exists():
        raise messages.build_too_old(launch.platform)
    try:
        with transaction.atomic():
            made = AccountLink.objects.create(
                platform=launch.platform,
                subject=launch.subject,
                person=by,
                tells=tells,
                opens=opens,
            )
    except IntegrityError:
        raise Refused(
            _("This account, or yours, is already linked: see “My accounts elsewhere”.")
        ) from None
    record_line_item(made, launch)
    log.record("linked account elsewhere", made, by=by, tells=tells)
    return made


@transaction.atomic
def open_learner_account(
    launch: Launch, *, name: str, language: str, tells: bool
) -> User:
    """Open a learner’s account for someone whom the other system has named, and link
    it. Raises `Refused`."""
    # One transaction: where the link is refused, since someone was faster, no account
    # stays.
    learner = learners.open_account_elsewhere(name=name, language=language)
    link_account(launch, tells=tells, opens=True, by=learner)
    return learner


@transaction.atomic
def enter_as_learner(launch: Launch, *, by: None) -> User:
    """Let a learner in whose account is linked: the other system has named them, and it
    holds nothing but what they learn. Once for each launch. Raises `Refused`."""
    link = find_link(launch)
    if link is None or not is_entered_from_there(link):
        raise messages.build_too_old(launch.platform)
    # Deleting the row decides between two who go on with one launch.
    if not Launch.objects.arrived().filter(pk=launch.pk).delete()[0]:
        raise messages.build_too_old(launch.platform)
    log.record("let learner in from elsewhere", link, by=by)
    return link.person


def is_entered_from_there(link: AccountLink) -> bool:
    """Check whether coming from the other system is enough to enter the account: not
    once its learner has been admitted to work."""
    return link.opens and link.person.only_learns and link.person.is_active


@transaction.atomic
def set_sharing(link: AccountLink, tells: bool, *, by: User) -> None:
    """Set whether the other system may get how far the person is, from now on."""
    is_own_link.require(by, link)
    link.tells = tells
    link.save(update_fields=["tells"])
    log.record("changed what is told elsewhere", link, by=by, tells=tells)


@transaction.atomic
def unlink(link: AccountLink, *, by: User) -> None:
    is_own_link.require(by, link)
    if link.opens and by.only_learns and not has_mailbox(by):
        raise Refused(
            _(
                "You come in from there alone. First add an e-mail address under “My "
                "account”, or you could not come in any more."
            )
        )
    log.record("ended link elsewhere", link, by=by)
    link.delete()


@transaction.atomic
def erase_links(learner: User, *, by: User) -> None:
    """Delete the links of someone who closes their account: they can open a new one
    from there."""
    gone, _each = AccountLink.objects.filter(person=learner).delete()
    log.record("ended links elsewhere", learner, by=by, links=gone)


@transaction.atomic
def close_way_in(learner: User, *, by: User) -> None:
    """End that coming from there is enough: who keeps the other system could otherwise
    enter an account that has a way in of its own."""
    if AccountLink.objects.filter(person=learner, opens=True).update(opens=False):
        log.record("closed way in from elsewhere", learner, by=by)


# --- marks


@transaction.atomic
def record_sent(mark: Score, passed: int, *, by: None) -> None:
    mark.passed, mark.told_at = passed, timezone.now()
    mark.save(update_fields=["passed", "told_at"])
    log.record("told mark", mark, by=by)
