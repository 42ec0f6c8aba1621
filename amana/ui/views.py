from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from amana.ui import csp
from amana.ui.http import show
from amana.ui.samples import build_samples


@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    return show(request, "ui/gallery.html", build_samples(request))


if settings.DEBUG or settings.DEMO:
    gallery = login_not_required(gallery)


@never_cache
@login_not_required
@require_GET
def leave(request: HttpRequest) -> HttpResponse:
    """Lead away from a page for people, with no cookie and no page of ours left behind.

    Only from a page of our own: another site could else sign our colleagues out. What a
    colleague keeps on the device, sealed, is neither cookie nor cache, and stays."""
    answer = redirect(settings.QUICK_EXIT_URL)
    if request.headers.get("Sec-Fetch-Site") == "same-origin":
        answer.headers["Clear-Site-Data"] = '"cookies", "cache"'
    return answer


@csrf_exempt  # sent by the browser itself
@login_not_required
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    csp.log_violation(request.body)
    return HttpResponse(status=204)
