"""Addresses of the public directory: the language, and codes."""

from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from amana.design.directory.models import Area
from amana.design.public_directory.help_query import HelpQuery
from amana.ui import languages

HELP = "public_directory"


def get_address(page: str, *values: object, query: HelpQuery | None = None) -> str:
    """Return the address of a page in the language of this one."""
    address = reverse(f"{HELP}:{page}", args=[get_page_language(), *values])
    return address + (query.encode() if query and query.codes else "")


def get_page_language() -> str:
    """Return the language of this page, of those that pages are in."""
    here = get_language() or settings.LANGUAGE_CODE
    return here if here in settings.PAGE_LANGUAGES else settings.LANGUAGE_CODE


def build_full(address: str) -> str:
    """Build what others open: with where people reach this installation."""
    return f"{settings.ADDRESS}{address}"


def list_language_links(request: HttpRequest) -> list[tuple[str, str, str]]:
    """List the languages of the pages, each with this page in it; after a search by
    words, which are in no address, with the first page."""
    match = request.resolver_match
    stays = request.method == "GET" and match is not None and match.kwargs
    found = []
    for code, name in languages.list_languages():
        # The codes stay in the address, and with them what was chosen.
        if stays and match is not None:
            kwargs = match.kwargs | {"language": code}
            address = reverse(match.view_name, kwargs=kwargs)
            query = request.GET.urlencode()
            address += f"?{query}" if query else ""
        else:
            address = reverse(f"{HELP}:start_in", args=[code])
        found.append((code, name, address))
    return found


def list_around(place: Area | None) -> Iterable[Area]:
    """List the areas around a place, the widest first, and itself."""
    if place is None:
        return ()
    return Area.objects.filter(code__in=place.codes).for_choice()
