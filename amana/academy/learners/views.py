"""The door for those who only learn: an address, a link in a mail, and one's account.

What is typed is in the body of a form. A link in a mail only shows a button: programs
that look through mails open links too, and must not use one up."""

from collections.abc import Callable
from functools import wraps

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from amana.academy.learners import actions, sign_in_links
from amana.academy.learners.forms import AddressForm, NewLearnerForm, ProfileForm
from amana.academy.learners.freshness import require_fresh_learner
from amana.academy.learners.models import TERMS, SignInLink
from amana.academy.learners.rules import is_own_account
from amana.academy.learners.sign_in_links import LinkContent
from amana.errors import Refused
from amana.trust.access import actions as access
from amana.trust.access.http import (
    Request,
    posted,
    remember_language,
    signed_in,
    within_limit,
)
from amana.trust.access.models import User
from amana.trust.access.tasks import has_mailbox
from amana.ui.http import choose_shell, done, show
from amana.ui.once import apply_once

DOOR, SENT, ARRIVE = "learners/door.html", "learners/sent.html", "learners/arrive.html"
USED, TERMS_PAGE = "learners/used.html", "learners/terms.html"
ACCOUNT, ADDRESS = "learners/account.html", "learners/address.html"
OTHER = "learners/other_account.html"
ADDRESS_SENT = "learners/address_sent.html"
NEW_ADDRESS, CLOSE = "learners/new_address.html", "learners/close.html"

form_page = require_http_methods(["GET", "POST"])

type View = Callable[..., HttpResponse]


def limit_links(view: View) -> View:
    """Limit how many links a visitor asks for. Goes outside the transaction of
    `apply_once`: what is rolled back was never counted."""

    @wraps(view)
    def take(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method == "POST" and not may_ask(request):
            raise Refused(
                _("Too many links were asked for. Wait one hour, then try again.")
            )
        return view(request, *args, **kwargs)

    return take


def may_ask(request: HttpRequest) -> bool:
    """Count a link that is asked for, and check whether this visitor may have one more,
    to this mailbox."""
    name, _at, host = request.POST.get("address", "").strip().lower().partition("@")
    mailbox = f"{name.partition('+')[0]}@{host}"
    # With the visitor: else five tries from anywhere would shut a learner out. By the
    # adapter, since behind a proxy the nearest address is that of all visitors.
    visitor = get_adapter().get_client_ip(request)
    return within_limit(request, "learner_link") and within_limit(
        request, "learner_mail", key=f"{mailbox} {visitor}"
    )


def read_then(request: HttpRequest, said: str) -> str:
    """Return where to go on afterwards: a path of ours, or nothing."""
    ours = url_has_allowed_host_and_scheme(said, allowed_hosts=None)
    return said if ours and said.startswith("/") and len(said) <= 300 else ""


def get_language() -> str:
    return translation.get_language() or "en"


# --- the door


@login_not_required
@never_cache
@limit_links
@sensitive_post_parameters()
@form_page
@apply_once
def door(request: HttpRequest) -> HttpResponse:
    """Ask for an address, and mail a link to it."""
    # A learner who is signed in comes here too: to show afresh that it is them.
    user = signed_in(request)
    then = read_then(request, request.GET.get("next", ""))
    if user is not None and not user.only_learns:
        return redirect(then or "courses:home")
    form = AddressForm(posted(request), initial={"then": then})
    if form.is_valid():
        actions.request_link(
            form.cleaned_data["address"],
            language=get_language(),
            then=read_then(request, form.cleaned_data["then"]),
        )
        return redirect("learners:sent")
    context = {
        "form": form,
        "shell": choose_shell(request),
        "is_open": settings.OPEN_TO_LEARNERS,
    }
    return show(request, DOOR, context, status=422 if form.is_bound else 200)


@login_not_required
@require_GET
def sent(request: HttpRequest) -> HttpResponse:
    minutes = int(SignInLink.LIVES.total_seconds() // 60)
    return show(request, SENT, {"minutes": minutes, "shell": choose_shell(request)})


@login_not_required
@require_GET
def terms(request: HttpRequest) -> HttpResponse:
    return show(request, TERMS_PAGE, {"edition": TERMS, "shell": choose_shell(request)})


@login_not_required
@never_cache
@sensitive_post_parameters()
@form_page
def arrive(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in by a link, or open the account that its address has not yet."""
    found = sign_in_links.find_link(token)
    if found is None:
        return show_used_up(request)
    link, content = found
    known = sign_in_links.find_account(content.address)
    # The account may have been opened, or admitted to work, since the mail was sent.
    if known is not None and (link.opens_only or not known.only_learns):
        return lead_known(request, content)
    here = signed_in(request)
    if here is not None and here != known:
        return show_other_account(request, here)
    form = None
    if known is None:
        first = {"language": get_language(), "name": content.name}
        form = NewLearnerForm(posted(request), initial=first)
    if request.method == "POST" and (form is None or form.is_valid()):
        return enter(request, link, content, form)
    context = {
        "form": form,
        "content": content,
        "shell": choose_shell(request),
    }
    bound = form is not None and form.is_bound
    return show(request, ARRIVE, context, status=422 if bound else 200)


def enter(
    request: HttpRequest,
    link: SignInLink,
    content: LinkContent,
    form: NewLearnerForm | None,
) -> HttpResponse:
    """Use the link up, and sign in."""
    if form is None:
        user = actions.use_link(link, content)
    else:
        said = form.cleaned_data
        user = actions.open_account(
            link, content, name=said["name"], language=said["language"]
        )
    # A session that someone else prepared in this browser must not become theirs.
    logout(request)
    return sign_in(request, user, then=content.then)


def sign_in(
    request: HttpRequest, user: User, *, then: str = "", by: str = "email"
) -> HttpResponse:
    """Sign a learner in, who has shown that the mailbox is theirs, or whom another
    learning system has named."""
    record_authentication(request, user, method=by)
    to = then or reverse("courses:home")
    answer: HttpResponse = perform_login(request, Login(user=user, redirect_url=to))
    return remember_language(user.language, answer)


def show_used_up(request: HttpRequest) -> HttpResponse:
    context = {"form": AddressForm(), "shell": choose_shell(request)}
    return show(request, USED, context, status=410)


def show_other_account(request: HttpRequest, here: User) -> HttpResponse:
    """Ask who is signed in to sign out first: a link from someone else must not put
    them into an account that is not theirs."""
    return show(request, OTHER, {"here": here}, status=409)


def lead_known(request: HttpRequest, content: LinkContent) -> HttpResponse:
    """Lead who has an account on to where the link leads: there they sign in as they
    are used to."""
    return redirect(content.then or "courses:home")


# --- one's own account


def own(request: Request) -> User:
    return is_own_account.find(User.objects.all(), request.user, pk=request.user.pk)


@form_page
def account(request: Request) -> HttpResponse:
    """Show and change name and language, passkeys, and where one is signed in."""
    user = own(request)
    first = {"name": user.name, "language": user.language}
    form = ProfileForm(posted(request), initial=first)
    if form.is_valid():
        access.change_profile(user, **form.cleaned_data, by=user)
        messages.success(request, _("Saved."))
        return remember_language(
            form.cleaned_data["language"], done(request, then="learners:account")
        )
    context = {
        "form": form,
        "learner": user,
        "has_mailbox": has_mailbox(user),
        "passkeys": Authenticator.objects.filter(user=user).order_by("pk"),
        "sessions": user.sessions.order_by("-seen_at"),
        "this_session": request.session.session_key,
    }
    return show(request, ACCOUNT, context, status=422 if form.is_bound else 200)


@require_fresh_learner
@limit_links
@sensitive_post_parameters()
@form_page
@apply_once
def change_address(request: Request) -> HttpResponse:
    """Mail a link to a new address: it becomes theirs once the link is opened."""
    user = own(request)
    form = AddressForm(posted(request))
    if form.is_valid():
        actions.request_new_address(form.cleaned_data["address"], by=user)
        return show(request, ADDRESS_SENT)
    return show(request, ADDRESS, {"form": form}, status=422 if form.is_bound else 200)


@require_fresh_learner
@never_cache
@form_page
def new_address(request: Request, token: str) -> HttpResponse:
    """Take a new address, by the link that was mailed there."""
    user = own(request)
    found = sign_in_links.find_link(token, whose=user.pk)
    if found is None:
        return show_used_up(request)
    link, content = found
    if request.method == "POST":
        actions.change_address(link, content, by=user)
        messages.success(request, _("Saved."))
        return done(request, then="learners:account")
    context = {"content": content, "has_mailbox": has_mailbox(user)}
    return show(request, NEW_ADDRESS, context)


@require_fresh_learner
@require_POST
def end_others(request: Request) -> HttpResponse:
    """Sign out on every other device."""
    access.end_other_sessions(by=own(request), but=request.session.session_key)
    messages.success(request, _("You are signed out everywhere else."))
    return done(request, then="learners:account")


@require_fresh_learner
@form_page
def close(request: Request) -> HttpResponse:
    """Close one's own account."""
    user = own(request)
    if request.method == "POST":
        actions.close_account(by=user)
        logout(request)
        return redirect("home:front")
    return show(request, CLOSE, {"learner": user})
