"""What a record store elsewhere hears of one's learning: nothing, unless one agrees."""

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from amana.exchange.learning.xapi import actions
from amana.exchange.learning.xapi.models import SharingAgreement
from amana.exchange.learning.xapi.rules import manage_own_sharing
from amana.trust.access.http import Request
from amana.ui.http import done, show
from amana.ui.once import apply_once

MINE = "xapi/mine.html"


@require_GET
def mine(request: Request) -> HttpResponse:
    agreed = manage_own_sharing.among(SharingAgreement.objects.all(), request.user)
    here = SharingAgreement.objects.open().at(settings.LRS_URL)
    context = {
        "has_store": bool(settings.LRS_URL),
        "store": settings.LRS_NAME
        or _("the learning record store of this installation"),
        "sharing": manage_own_sharing.among(here, request.user).first(),
        "former": agreed.exclude(ended_at=None).order_by("-agreed_at"),
    }
    return show(request, MINE, context)


@require_POST
@apply_once
def agree(request: Request) -> HttpResponse:
    actions.agree_to_share(by=request.user)
    return done(request, then="xapi:mine")


@require_POST
@apply_once
def end(request: Request) -> HttpResponse:
    sharings = SharingAgreement.objects.open().at(settings.LRS_URL)
    actions.end_sharing(
        manage_own_sharing.find(sharings, request.user), by=request.user
    )
    return done(request, then="xapi:mine")
