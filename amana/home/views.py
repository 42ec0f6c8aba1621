"""The first pages: the public one, and that of today."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_http_methods

from amana.design.mechanism import labels
from amana.design.mechanism.choosing import list_versions_in_force
from amana.design.public_directory import listed
from amana.home import boards, finding
from amana.home import today as days
from amana.home.forms import SearchForm
from amana.trust.access.http import Request, posted
from amana.trust.access.models import KEYHOLDERS
from amana.trust.vault.middleware import warn_about_omitted_records
from amana.ui import helplines, languages
from amana.ui.http import show

FRONT, TODAY = "home/front.html", "home/today.html"
SEARCH = "home/search.html"


@login_not_required
@require_GET
def front(request: HttpRequest, language: str = "") -> HttpResponse:
    """Show the public page, to everyone and without a sign-in."""
    if not language and request.user.is_authenticated:
        return redirect("home:today")
    if language and language not in dict(settings.LANGUAGES):
        raise Http404
    shown_in = language or translation.get_language() or settings.LANGUAGE_CODE
    with translation.override(shown_in):
        request.LANGUAGE_CODE = shown_in
        context = {
            "country": format_country(),
            "lines": helplines.list_helplines(),
            "languages": languages.list_languages(),
            "has_directory": listed.is_open(),
        }
        response = show(request, FRONT, context)
    response.headers["Content-Language"] = shown_in
    # The reader may be watched at home: no cookie, not even for the language, and
    # nothing in the browser's cache.
    response.headers["Cache-Control"] = "no-store"
    patch_vary_headers(response, ["Accept-Language"])
    return response


def format_country() -> str:
    """Format where the mechanisms in force apply, in the language of the page."""
    versions = list_versions_in_force()
    places = [labels.choose_words(version.pack.jurisdiction) for version in versions]
    return " · ".join(dict.fromkeys(places))


@require_GET
def today(request: Request) -> HttpResponse:
    day = days.build_day(request.user)
    context = {
        "day": day,
        "today": timezone.localdate(),
        "boards": boards.build_boards(request.user),
        "holds_keys": bool(request.user.roles & KEYHOLDERS),
    }
    return show(request, TODAY, context, part="day")


@require_http_methods(["GET", "POST"])
def search(request: Request) -> HttpResponse:
    """Search everything at once."""
    # Posted: what is typed may be a name, and an address would stay in the browser's
    # history and in logs.
    form = SearchForm(posted(request))
    context: dict[str, object] = {"form": form}
    if form.is_bound and form.is_valid():
        found = finding.search_everything(form.cleaned_data["q"], request)
        context |= {"groups": found, "asked": True}
        warn_about_omitted_records(request)
    status = 422 if form.is_bound and form.errors else 200
    return show(request, SEARCH, context, part="found", status=status)
