"""Pages for machines and strangers, without signing in: whether the server is up, its
metrics, and the contact for reports of weaknesses."""

from ipaddress import ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from amana.trust.operation import metrics, security_contact

PLAIN = "text/plain; charset=utf-8"
PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Report whether this server answers and reaches its database; nothing else."""
    # Asks the database as well: without it every page is an error.
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return HttpResponse("down\n", content_type=PLAIN, status=503)
    return HttpResponse("up\n", content_type=PLAIN)


@login_not_required
@never_cache
@require_safe
def show_metrics(request: HttpRequest) -> HttpResponse:
    """Show the metrics to the program that the settings name; for all others there is
    no such page."""
    if not may_read(request):
        return _not_found()
    return HttpResponse(metrics.format_metrics(), content_type=PROMETHEUS)


@login_not_required
@never_cache
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Show the contact for reports of weaknesses, where the operator has set one and it
    is valid."""
    text = security_contact.write_security_txt()
    return HttpResponse(text, content_type=PLAIN) if text else _not_found()


def _not_found() -> HttpResponse:
    return HttpResponseNotFound("Not found\n", content_type=PLAIN)


def may_read(request: HttpRequest) -> bool:
    """Check that the request has the token and the address that are set; with neither
    set, no request has."""
    token, networks = settings.METRICS_TOKEN, settings.METRICS_FROM
    if not token and not networks:
        return False
    return _has_token(request, token) and _is_from(request, networks)


def _has_token(request: HttpRequest, token: str) -> bool:
    given = request.headers.get("Authorization", "")
    # In constant time: how long a comparison takes would otherwise reveal how much of
    # the token was right.
    return not token or constant_time_compare(given, f"Bearer {token}")


def _is_from(request: HttpRequest, networks: str) -> bool:
    if not networks:
        return True
    address = ip_address(_address_of(request))
    return any(address in ip_network(n.strip()) for n in networks.split(","))


def _address_of(request: HttpRequest) -> str:
    """Find the address of the client: behind our proxy from its header, without it from
    the connection."""
    if "X-Forwarded-For" not in request.headers:
        return str(request.META["REMOTE_ADDR"])
    return str(get_adapter().get_client_ip(request))
