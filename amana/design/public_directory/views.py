"""Pages for people without an account.

A reader may be watched at home: no page sets a cookie, not even for the language, and
none is kept by the browser. What is typed travels in the body of a form and is written
nowhere; addresses hold codes."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import (
    conditional_page,
    require_GET,
    require_http_methods,
)

from amana.design.directory.models import Service
from amana.design.directory.taxonomy import ServiceGroup
from amana.design.public_directory import finding, help_addresses, safe_places
from amana.design.public_directory import leaflet as leaflets
from amana.design.public_directory.help_addresses import (
    build_full,
    get_address,
    get_page_language,
)
from amana.design.public_directory.help_query import (
    HelpQuery,
    read_query,
    widen_query,
)
from amana.design.public_directory.listed import find_listed
from amana.design.public_directory.qr_codes import AddressSquare
from amana.design.public_directory.service_facts import (
    describe_service,
    format_practice,
    write_text,
)
from amana.errors import Refused
from amana.printing import as_html, print_process
from amana.trust.access.http import within_limit
from amana.ui import helplines
from amana.ui.http import send_file, show

START, FOUND = "public_directory/start.html", "public_directory/found.html"
NEEDS, PLACES = "public_directory/needs.html", "public_directory/places.html"
SPOKEN, SERVICE = "public_directory/spoken.html", "public_directory/service.html"
LEAFLET, EMBEDDED = "public_directory/leaflet.html", "public_directory/embedded.html"
MISSING, REFUSED = "public_directory/missing.html", "public_directory/refused.html"

ON_A_PAGE = 12
FEW_PLACES = 12
"""So many are on the first page, too."""
KEPT_FOR = 300
"""Seconds in which an embedded list may be shown again without asking."""
IN_ANY_FRAME: dict[str, Any] = {
    **settings.SECURE_CSP,
    "frame-ancestors": ["*"],
    "form-action": [CSP.NONE],
}

type View = Callable[..., HttpResponse]


def use_language(view: View) -> View:
    """Open a page to everyone, in the language of its address; where the directory is
    closed there is no page."""

    @login_not_required
    @wraps(view)
    def take(request: HttpRequest, language: str = "", **found: object) -> HttpResponse:
        # An address with another language is no page, and not a page in English: it
        # would be indexed and shared as one.
        is_known = not language or language in settings.PAGE_LANGUAGES
        shown_in = language if is_known and language else get_page_language()
        with translation.override(shown_in):
            request.LANGUAGE_CODE = shown_in
            if settings.PUBLIC_DIRECTORY and is_known:
                response = answer(view, request, **found)
            else:
                response = show_missing(request)
        response.headers["Content-Language"] = shown_in
        # A browser that others use keeps nothing of it.
        response.headers.setdefault("Cache-Control", "no-store")
        patch_vary_headers(response, ["Accept-Language"])
        return response

    return take


def answer(view: View, request: HttpRequest, **found: object) -> HttpResponse:
    try:
        return view(request, **found)
    except Refused as error:
        # The usual page has the form that chooses a language, which sets a cookie.
        context = around(request, HelpQuery()) | {"reason": str(error)}
        return show(request, REFUSED, context, status=409)


def show_missing(request: HttpRequest) -> HttpResponse:
    """Show that there is no such page: the same for what never was, was taken out, or
    is hidden."""
    context = around(request, HelpQuery()) | {"is_open": settings.PUBLIC_DIRECTORY}
    return show(request, MISSING, context, status=404)


def around(request: HttpRequest, query: HelpQuery) -> dict[str, object]:
    """Collect what each page needs."""
    return {
        "query": query,
        "codes": query.encode() if query.codes else "",
        "languages": help_addresses.list_language_links(request),
        "practice": format_practice(),
    }


def keep_pace(request: HttpRequest) -> None:
    """Raise Refused where an address asks for costly pages too often."""
    if not within_limit(request, "help"):
        raise Refused(_("Too many tries. Please wait before the next one."))


# --- from the need to the list


@use_language
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    query = HelpQuery()
    choices = finding.list_choices(query)
    few = [] if len(choices.places) > FEW_PLACES else choices.places
    context = {
        "groups": [(group, ServiceGroup(group.value).icon) for group in choices.groups],
        "places": few,
        "lines": helplines.list_helplines(),
    }
    return show(request, START, around(request, query) | context)


@use_language
@require_GET
def find(request: HttpRequest) -> HttpResponse:
    query = read_query(request.GET.dict())
    return show_found(request, query, request.GET.get("after", ""))


@csrf_exempt
@use_language
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Search by words, which the body of the form holds. Nothing is changed by it, so
    it takes no key of a form, for which a browser would need a cookie."""
    query = read_query(request.POST.dict(), words=request.POST.get("words", ""))
    if not query.words:
        return redirect(get_address("find", query=query))
    # Reading every word of the directory is the dearest thing that anyone can ask for.
    keep_pace(request)
    named = {"named": finding.find_places_by_name(query.words)}
    return show_found(request, query, request.POST.get("after", ""), **named)


def show_found(
    request: HttpRequest, query: HelpQuery, after: str, **more: object
) -> HttpResponse:
    found = finding.find_help(query, after=after, on_a_page=ON_A_PAGE)
    context = around(request, query) | {
        "found": found,
        "previous": query.encode(after=found.previous),
        "next": query.encode(after=found.next),
        "notice": safe_places.find_safe_place(query),
        "wider": list_wider(query) if not found.total else [],
        "lines": helplines.list_helplines() if not found.total else (),
    }
    return show(request, FOUND, context | more)


def list_wider(query: HelpQuery) -> list[tuple[str, str, int]]:
    """List what can be asked for instead, where it finds more: label, address and how
    many."""
    wider = [
        (label, get_address("find", query=other), finding.count_help(other))
        for label, other in widen_query(query)
    ]
    return [entry for entry in wider if entry[2]]


@use_language
@require_GET
def needs(request: HttpRequest) -> HttpResponse:
    query = read_query(request.GET.dict())
    choices = finding.list_choices(query)
    kinds = [(kind, query.encode(need=kind.value)) for kind in choices.kinds]
    context = {
        "groups": [
            (group, query.encode(need=group.value), kinds if group.chosen else [])
            for group in choices.groups
        ],
        "without": query.encode(need=""),
    }
    return show(request, NEEDS, around(request, query) | context)


@use_language
@require_GET
def places(request: HttpRequest) -> HttpResponse:
    """Show areas, each with what it is part of and with its parts."""
    query = read_query(request.GET.dict())
    choices = finding.list_choices(query)
    context = {
        "around": [
            (area, query.encode(area=area.code))
            for area in help_addresses.list_around(query.place)
        ],
        "parts": [(place, query.encode(area=place.value)) for place in choices.places],
        "more": choices.more_places,
        "without": query.encode(area=""),
    }
    return show(request, PLACES, around(request, query) | context)


@use_language
@require_GET
def spoken(request: HttpRequest) -> HttpResponse:
    query = read_query(request.GET.dict())
    languages = finding.list_choices(query).languages
    context = {
        "spoken": [(choice, query.encode(speaks=choice.value)) for choice in languages],
        "without": query.encode(speaks=""),
    }
    return show(request, SPOKEN, around(request, query) | context)


# --- one service


def find_service(pk: int) -> Service | None:
    return find_listed().for_list().filter(pk=pk).first()


@use_language
@require_GET
def service(request: HttpRequest, pk: int) -> HttpResponse:
    found = find_service(pk)
    if found is None:
        return show_missing(request)
    described, address = describe_service(found), build_full(request.path)
    context = {
        "service": found,
        "described": described,
        "text": write_text(described, address),
        "square": AddressSquare(address).data_uri(),
    }
    return show(request, SERVICE, around(request, HelpQuery()) | context)


@use_language
@require_GET
def text(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a service as text, to be kept or passed on."""
    found = find_service(pk)
    if found is None:
        return show_missing(request)
    address = build_full(get_address("service", pk))
    written = write_text(describe_service(found), address)
    return send_file(written, "text/plain", f"service-{pk}.txt")


# --- on paper


@use_language
@require_GET
def leaflet(request: HttpRequest) -> HttpResponse:
    query = read_query(request.GET.dict())
    made = leaflets.build_leaflet(
        query, get_list_address(query), after=request.GET.get("after", "")
    )
    context = {
        "leaflet": made,
        "body": as_html.render_article(made.document),
        "previous": query.encode(after=made.previous),
        "next": query.encode(after=made.next),
        "on_paper": leaflets.ON_PAPER,
    }
    return show(request, LEAFLET, around(request, query) | context)


def get_list_address(query: HelpQuery) -> str:
    return build_full(get_address("find", query=query))


@use_language
@require_GET
def leaflet_pdf(request: HttpRequest) -> HttpResponse:
    # Each PDF is a process of its own.
    keep_pace(request)
    query = read_query(request.GET.dict())
    made = leaflets.build_leaflet(
        query, get_list_address(query), most=leaflets.ON_PAPER
    )
    pdf = print_process.print_document(made.document, "pdf", by=None)
    return send_file(pdf, "application/pdf", "leaflet.pdf")


# --- in pages of others


@use_language
@xframe_options_exempt
@csp_override(IN_ANY_FRAME)
@conditional_page
@require_GET
def embedded(request: HttpRequest) -> HttpResponse:
    """Show a bare list for a frame in a page of another site. It has no form, and what
    it leads to opens outside of the frame."""
    query = read_query(request.GET.dict())
    found = finding.find_help(
        query, after=request.GET.get("after", ""), on_a_page=ON_A_PAGE
    )
    context = around(request, query) | {
        "found": found,
        "previous": query.encode(after=found.previous),
        "next": query.encode(after=found.next),
        "notice": safe_places.find_safe_place(query),
    }
    # Pages of others are read by anyone: that this one is in a cache says nothing.
    page = show(request, EMBEDDED, context)
    page.headers["Cache-Control"] = f"public, max-age={KEPT_FOR}"
    return page
