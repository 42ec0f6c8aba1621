"""Come in as an invented person, with one tap. In the demo alone.

Everyone here has the passphrase that is in the source, and no second factor. So
this module can't even be imported elsewhere, and what it writes into a session counts
as a second factor only while `DEMO` is set (`access.http.passed_both`).
"""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from amana.given import PASSPHRASE
from amana.trust.access import sessions
from amana.trust.access.http import DEMO_FACTOR, note_factor
from amana.trust.access.models import Membership, Role, User
from amana.trust.audit import log
from amana.trust.vault import keys, middleware
from amana.ui.http import show
from amana.ui.typed import parse_small_int

if not settings.DEMO:
    raise ImproperlyConfigured("One-click sign-in exists in the demo alone.")


@require_http_methods(["GET", "POST"])
@login_not_required
def signin(request: HttpRequest) -> HttpResponse:
    # Asked again at each request: the setting may change after this module was
    # imported.
    if not settings.DEMO:
        raise Http404
    places = Membership.objects.active().filter(user__is_active=True).for_list()
    if request.method == "POST":
        said = parse_small_int(request.POST.get("place", ""))
        chosen = get_object_or_404(places, pk=said)
        sign_in_as(request, chosen.user)
        return redirect("home:today")
    context = {"roles": group_by_role(places), "passphrase": PASSPHRASE}
    return show(request, "demo/signin.html", context)


def sign_in_as(request: HttpRequest, user: User) -> None:
    """Sign in with both factors passed and keys unlocked, as after a real sign-in."""
    keyring = keys.unlock(user, PASSPHRASE)
    login(request, user)
    sessions.begin_session(request.session, agent=request.headers.get("User-Agent", ""))
    note_factor(request, user, DEMO_FACTOR)
    middleware.keep_unlocked(request, keyring, of=user)
    log.record("signed in to the demo", user, by=user)


def group_by_role(places: Iterable[Membership]) -> list[tuple[str, list[Membership]]]:
    """Group everyone under each of their roles, in the order of the roles."""
    found: dict[Role, list[Membership]] = {role: [] for role in Role}
    for place in places:
        found[Role(place.role)].append(place)
    return [
        (str(role.label), sorted(held, key=lambda place: place.user.name))
        for role, held in found.items()
        if held
    ]
