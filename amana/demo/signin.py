"""Come in as an invented person, with one tap. In the demo alone.

Everyone here has the passphrase that is in the source, and no second factor. So
this module can't even be imported elsewhere, and what it writes into a session counts
as a second factor only where people are invented (`access.http.passed_both`).
"""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from amana.given import PASSPHRASE
from amana.given.signing_in import sign_in_as
from amana.trust.access.models import Membership, Role
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
        sign_in_as(request, chosen.user, did="signed in to the demo")
        return redirect("home:today")
    context = {"roles": group_by_role(places), "passphrase": PASSPHRASE}
    return show(request, "demo/signin.html", context)


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
