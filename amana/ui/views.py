from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from amana.ui import csp
from amana.ui.http import show
from amana.ui.samples import samples


@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    return show(request, "ui/gallery.html", samples(request))


if settings.DEBUG or settings.DEMO:
    gallery = login_not_required(gallery)


@csrf_exempt  # sent by the browser itself
@login_not_required
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    csp.note(request.body)
    return HttpResponse(status=204)
