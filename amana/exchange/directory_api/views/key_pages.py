"""The keys of other programs: propose, confirm, revoke."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from amana.exchange.directory_api import actions
from amana.exchange.directory_api.forms import ApiKeyForm
from amana.exchange.directory_api.models import ApiKey
from amana.exchange.directory_api.rules import (
    confirm_key,
    propose_key,
    revoke_key,
    see_keys,
)
from amana.trust.access.http import Request, posted
from amana.trust.access.models import ADMINISTRATORS, User
from amana.trust.access.rules import NotAccessible, Rule, has_role
from amana.trust.vault.middleware import require_recent_unlock
from amana.ui.http import done, show
from amana.ui.once import apply_once
from amana.ui.paging import find_page

KEYS = "directory_api/keys.html"
NEW = "directory_api/new.html"
SHOWN = "directory_api/shown.html"
ON_A_PAGE = 50


@dataclass(frozen=True)
class KeyRow:
    """A key, with what its reader may do."""

    key: ApiKey
    confirms: bool
    revokes: bool

    @property
    def status(self) -> str | Promise:
        if self.key.revoked_at is not None:
            return _("Key revoked")
        if self.key.has_ended:
            return _("Key ended")
        if self.key.confirmed_at is None:
            return _("Waiting for a second person")
        return _("Key valid")

    @property
    def tone(self) -> str:
        if self.key.is_valid:
            return "good"
        waits = self.key.confirmed_at is None and self.key.revoked_at is None
        return "due" if waits and not self.key.has_ended else "plain"


@require_GET
def keys(request: Request) -> HttpResponse:
    """Show every key, the newest first, with who decided on it."""
    _require(request, see_keys)
    page = find_page(
        ApiKey.objects.for_list(),
        request,
        key=("-proposed_at", "-pk"),
        size=ON_A_PAGE,
    )
    context = {"page": page, "rows": build_rows(page.items, request.user)}
    return show(request, KEYS, context)


def build_rows(found: list[ApiKey], user: User) -> list[KeyRow]:
    shown = ApiKey.objects.filter(pk__in=[key.pk for key in found])
    confirms = set(confirm_key.among(shown, user).values_list("pk", flat=True))
    revokes = set(revoke_key.among(shown, user).values_list("pk", flat=True))
    return [KeyRow(key, key.pk in confirms, key.pk in revokes) for key in found]


def _require(request: Request, rule: Rule) -> None:
    if not has_role(request.user, ADMINISTRATORS):
        raise NotAccessible(rule, ApiKey, {})


@require_http_methods(["GET", "POST"])
@require_recent_unlock
@apply_once
def new(request: Request) -> HttpResponse:
    """Propose a key, and show it once: it is stored nowhere."""
    _require(request, propose_key)
    form = ApiKeyForm(posted(request))
    if not form.is_valid():
        context = {"form": form, "back": reverse("directory_api:keys")}
        return show(request, NEW, context, status=422 if form.is_bound else 200)
    # Drawn at once and not after a redirect: the secret would have to be kept for it.
    key, secret = actions.propose(**form.cleaned_data, by=request.user)
    return show(request, SHOWN, {"key": key, "secret": secret})


@require_POST
@require_recent_unlock
def confirm(request: Request, pk: int) -> HttpResponse:
    found = confirm_key.find(ApiKey.objects.all(), request.user, pk=pk)
    actions.confirm(found, by=request.user)
    return done(request, then="directory_api:keys")


@require_POST
def revoke(request: Request, pk: int) -> HttpResponse:
    found = revoke_key.find(ApiKey.objects.all(), request.user, pk=pk)
    actions.revoke(found, by=request.user)
    return done(request, then="directory_api:keys")
