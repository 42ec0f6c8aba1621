"""The way in from another learning system, and whose account there is whose here.

Their page sends the browser here from another site, so its session stays behind: the
first page only leads on, and the link on it is followed from this site."""

from secrets import token_urlsafe
from uuid import UUID

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from amana.academy.courses import actions as courses
from amana.academy.courses.models import Course, Version
from amana.academy.courses.rules import see_version
from amana.academy.learners.freshness import ELSEWHERE
from amana.academy.learners.views import show_other_account, sign_in
from amana.errors import Refused
from amana.exchange.learning.lessons import taking
from amana.exchange.learning.lti import actions
from amana.exchange.learning.lti import keys as own_keys
from amana.exchange.learning.lti.forms import LearnerForm, LinkForm, PlatformForm
from amana.exchange.learning.lti.models import AccountLink, Launch, Platform
from amana.exchange.learning.lti.rules import (
    can_keep_platforms,
    is_own_link,
    keep_platform,
)
from amana.trust.access.http import Request, posted, signed_in, slow_down
from amana.trust.access.models import User
from amana.trust.access.rules import NotAccessible
from amana.ui.http import choose_shell, done, show
from amana.ui.once import apply_once

CAME, LINK, MINE = "lti/came.html", "lti/link.html", "lti/mine.html"
ENTER = "lti/enter.html"
PLATFORMS = "lti/platforms.html"
COOKIE = "__Host-way-in" if settings.SESSION_COOKIE_SECURE else "way-in"
COOKIE_FOR = 60 * 60


# --- the way in, before the person has signed in


@login_not_required
@csrf_exempt  # it comes from the other system
@never_cache
@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Ask the other system who the person is that pressed the button there."""
    slow_down(request, "way_in")
    said = request.POST if request.method == "POST" else request.GET
    platform = find_platform(said.get("iss", ""), said.get("client_id", ""))
    course = find_course(said.get("target_link_uri", ""))
    # Kept if there is one: two courses may be opened from one page at once.
    browser = request.COOKIES.get(COOKIE) or token_urlsafe(32)
    begun = actions.begin(platform, course, browser=browser)
    asked = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": platform.client_id,
        "redirect_uri": f"{settings.ADDRESS}{reverse('lti:launch')}",
        "login_hint": said.get("login_hint", ""),
        "state": begun.state,
        "nonce": begun.nonce,
    }
    if hint := said.get("lti_message_hint"):
        asked["lti_message_hint"] = hint
    between = "&" if "?" in platform.login_url else "?"
    response = HttpResponseRedirect(f"{platform.login_url}{between}{urlencode(asked)}")
    response.set_cookie(
        COOKIE,
        browser,
        max_age=COOKIE_FOR,
        secure=True,
        httponly=True,
        samesite="None",  # it has to come along from their page
    )
    return response


def find_platform(issuer: str, client_id: str) -> Platform:
    """Find the platform. A system may omit its client's number if it has only one."""
    found = Platform.objects.open().filter(issuer=issuer)
    if client_id:
        found = found.filter(client_id=client_id)
    every = list(found[:2])
    if len(every) != 1:
        raise Refused(
            _(
                "Your learning system is not known here. Report this to its "
                "administrator."
            )
        )
    return every[0]


def find_course(address: str) -> Course:
    slug = address.rstrip("/").rpartition("/")[2]
    course = Course.objects.filter(slug=slug).first()
    # The whole address must be ours: it comes from outside, and the signed message has
    # to name the same one.
    if course is None or actions.build_course_address(course) != address:
        raise Refused(
            _(
                "This course does not exist here. Report this to the person "
                "who gave you the link."
            )
        )
    return course


@login_not_required
@csrf_exempt  # it comes from the other system; its state and our cookie belong together
@never_cache
@require_POST
def launch(request: HttpRequest) -> HttpResponse:
    """Lead on, to where the person signs in: the other system has named them."""
    slow_down(request, "way_in")
    if request.POST.get("error"):
        raise Refused(
            _("Your learning system did not allow access. Try again from there.")
        )
    arrived = actions.arrive(
        request.POST.get("state", ""),
        request.POST.get("id_token", ""),
        browser=request.COOKIES.get(COOKIE, ""),
        by=None,
    )
    link = actions.find_link(arrived)
    # Who has come in from there before still does, also once the door is closed.
    known = link is not None and actions.is_entered_from_there(link)
    context = {"launch": arrived, "is_open": known or settings.OPEN_TO_LEARNERS}
    return show(request, CAME, context)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
@apply_once
def enter(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let in who only learns, without another sign-in; the first time, they open their
    account."""
    found = arrived_at(request, pk)
    link = actions.find_link(found)
    if link is not None and not actions.is_entered_from_there(link):
        return redirect("lti:arrive", pk=pk)
    here = signed_in(request)
    if here is not None and (link is None or link.person != here):
        return show_other_account(request, here)
    form = None
    if link is None:
        first = {"language": translation.get_language()}
        form = LearnerForm(posted(request), initial=first)
    if request.method == "POST" and (form is None or form.is_valid()):
        return go_in(request, found, form)
    context = {"launch": found, "form": form, "shell": choose_shell(request)}
    bound = form is not None and form.is_bound
    return show(request, ENTER, context, status=422 if bound else 200)


def go_in(
    request: HttpRequest, found: Launch, form: LearnerForm | None
) -> HttpResponse:
    if form is not None:
        said = {key: form.cleaned_data[key] for key in ("name", "language", "tells")}
        actions.open_learner_account(found, **said)
    learner = actions.enter_as_learner(found, by=None)
    begin_once(found.course, learner)
    # A session that someone else prepared in this browser must not become theirs.
    logout(request)
    then = reverse("courses:course", args=[found.course.slug])
    return sign_in(request, learner, then=then, by=ELSEWHERE)


@login_not_required
@require_GET
def keys(request: HttpRequest) -> HttpResponse:
    """Publish the keys by which other systems know that it is us."""
    return JsonResponse(own_keys.build_public_keyset())


# --- signed in


@never_cache
@require_http_methods(["GET", "POST"])
@apply_once
def arrive(request: Request, pk: UUID) -> HttpResponse:
    """Send the person on to the course; the first time, they confirm that the account
    is theirs.
    """
    found = arrived_at(request, pk)
    link = actions.find_link(found)
    # A person at a colleague's browser over there must not get into their account
    # here.
    if link is not None and link.person_id != request.user.pk:
        raise Refused(
            _("Your account at %(platform)s is linked to someone else here.")
            % {"platform": found.platform}
        )
    form = LinkForm(posted(request))
    if link is None and not form.is_valid():
        return show(request, LINK, {"launch": found, "form": form})
    if link is None:
        actions.link_account(found, tells=form.cleaned_data["tells"], by=request.user)
    return to_course(request, found)


def arrived_at(request: HttpRequest, pk: UUID) -> Launch:
    """Find this browser's launch, for a while after it arrived."""
    browser = actions.hash_cookie(request.COOKIES.get(COOKIE, ""))
    launches = Launch.objects.arrived().select_related("platform", "course")
    found = launches.filter(pk=pk, browser=browser, platform__closed_at=None).first()
    if found is None:
        raise NotAccessible(is_own_link, Launch, {"pk": pk})
    return found


def begin_once(course: Course, person: User) -> None:
    versions = Version.objects.for_page().newest_first()
    version = see_version.find(versions, person, course=course)
    if not person.enrolments.filter(version__course=course).exists():
        courses.begin_course(version, by=person)


def to_course(request: Request, found: Launch) -> HttpResponse:
    begin_once(found.course, request.user)
    return done(request, then=reverse("courses:course", args=[found.course.slug]))


@require_GET
def mine(request: Request) -> HttpResponse:
    """Show the person's accounts elsewhere, and what is shared with them."""
    links = is_own_link.among(
        AccountLink.objects.select_related("platform"), request.user
    )
    context = {
        "links": links.order_by("platform__name", "pk"),
        "more": {"tells": "yes"},
        "nothing": {"tells": "no"},
    }
    return show(request, MINE, context)


@require_POST
@apply_once
def tell(request: Request, pk: int) -> HttpResponse:
    """Set what the button names, however old its page is; nothing is shared if it names
    nothing.
    """
    found = is_own_link.find(AccountLink.objects.all(), request.user, pk=pk)
    actions.set_sharing(found, request.POST.get("tells") == "yes", by=request.user)
    return done(request, then="lti:mine")


@require_POST
@apply_once
def unlink(request: Request, pk: int) -> HttpResponse:
    found = is_own_link.find(AccountLink.objects.all(), request.user, pk=pk)
    actions.unlink(found, by=request.user)
    return done(request, then="lti:mine")


# --- for those who keep the list of systems


@require_http_methods(["GET", "POST"])
@apply_once
def platforms(request: Request, slug: str) -> HttpResponse:
    """Show what the other system needs to know of us, and ask for what we need of
    it.
    """
    if not can_keep_platforms(request.user):
        raise NotAccessible(keep_platform, Platform, {})
    version = taking.get_version(request, slug)
    form = PlatformForm(posted(request))
    if form.is_valid():
        actions.add_platform(by=request.user, **form.cleaned_data)
        return done(request, then=reverse("lti:platforms", args=[slug]))
    context = {
        "form": form,
        "slug": slug,
        "platforms": Platform.objects.open().order_by("name", "pk"),
        "ours": [
            (_("Tool URL"), actions.build_course_address(version.course)),
            (_("Initiate login URL"), f"{settings.ADDRESS}{reverse('lti:login')}"),
            (_("Redirection URI"), f"{settings.ADDRESS}{reverse('lti:launch')}"),
            (_("Public keyset URL"), f"{settings.ADDRESS}{reverse('lti:keys')}"),
        ],
    }
    return show(request, PLATFORMS, context, status=422 if form.is_bound else 200)


@require_POST
@apply_once
def close(request: Request, slug: str, pk: int) -> HttpResponse:
    found = keep_platform.find(Platform.objects.open(), request.user, pk=pk)
    actions.close_platform(found, by=request.user)
    return done(request, then=reverse("lti:platforms", args=[slug]))
