"""One's own shares."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from amana.trust.access.http import Request, posted
from amana.trust.access.rules import has_role
from amana.trust.recovery import custody
from amana.trust.recovery.forms import PaperShareForm
from amana.trust.recovery.models import Regaining, Share
from amana.trust.recovery.rules import KEEPING, keep_share, release_share
from amana.trust.recovery.views.team_keys_pages import form_page, is_done
from amana.trust.vault.middleware import require_recent_unlock
from amana.trust.vault.signin import draw_qr_code
from amana.ui.http import done, show


@require_GET
def own_shares(request: Request) -> HttpResponse:
    """Show the shares that I keep for other teams, and who waits for one."""
    user = request.user
    mine = keep_share.among(Share.objects.for_list(), user)
    open_ = release_share.among(Regaining.objects.pending().for_list(), user)
    return show(
        request,
        "recovery/shares.html",
        {
            "shares": mine.order_by("recovery_key__team__name", "pk"),
            "regainings": open_.order_by("effective_at", "pk"),
            "may_be_asked": has_role(user, KEEPING),
        },
    )


@form_page
# The code on this page is a share of a key: it must not stay in the browser's cache.
@never_cache
@require_recent_unlock
def print_share(request: Request, pk: int) -> HttpResponse:
    """Show one's share once, to be printed."""
    found = keep_share.find(Share.objects.for_list(), request.user, pk=pk)
    context: dict[str, object] = {"share": found}
    if request.method == "POST":
        code = custody.print_share(found, by=request.user)
        context |= {
            "code": code,
            "qr": draw_qr_code(code),
            "printed_at": timezone.now(),
        }
    return show(request, "recovery/print_share.html", context)


@form_page
@never_cache
@require_recent_unlock
# A typed share must not appear in an error report.
@sensitive_post_parameters()
def drill(request: Request, pk: int) -> HttpResponse:
    """Confirm, once a year, that one still has one's share."""
    found = keep_share.find(Share.objects.for_list(), request.user, pk=pk)
    form = PaperShareForm(posted(request))
    if form.is_valid() and is_done(
        lambda: custody.drill(found, typed=form.cleaned_data["code"], by=request.user),
        form,
        "code",
    ):
        messages.success(
            request,
            _("Thank you. This is your share, and you have signed to confirm it."),
        )
        return done(request, then="recovery:shares")
    return show(
        request,
        "recovery/drill.html",
        {"share": found, "form": form},
        status=422 if form.is_bound else 200,
    )
