"""The frame of a page: navigation, search, languages, notices."""

from html import escape
from typing import Any

from django.conf import settings
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from amana.ui import badges, languages
from amana.ui import navigation as nav
from amana.ui.components import render_component
from amana.ui.harmless import remove_tricks as made_harmless
from amana.ui.templatetags.ui_tags import BELL, LOCK, SEARCH, STREAM, listed, register


@register.simple_block_tag
def read_aloud(content: SafeString, language: str) -> SafeString:
    return render_component(
        "read_aloud",
        content=content,
        language=language,
        name=languages.format_language(language),
        direction=languages.get_direction(language),
    )


@register.inclusion_tag("ui/typed.html")
def typed(text: str) -> dict[str, object]:
    return {"text": text}


@register.inclusion_tag("ui/site_name.html")
def site_name() -> dict[str, object]:
    return {}


@register.inclusion_tag("ui/navigation.html", takes_context=True)
def navigation(context: Context) -> dict[str, object]:
    request = context.get("request")
    return {"menus": nav.build_menus(request) if request else None}


@register.inclusion_tag("ui/navigation.html#bar", takes_context=True)
def navigation_bar(context: Context) -> dict[str, object]:
    """Show the same entries at the bottom of a phone, after the page's own words."""
    return navigation(context)


@register.inclusion_tag("ui/site_search.html", takes_context=True)
def site_search(context: Context) -> dict[str, object]:
    """Show one field for everything, and the bell; where the rooms behind them are
    there."""
    request, user = context.get("request"), context.get("user")
    if request is None or not getattr(user, "is_authenticated", False):
        return {}
    search = nav.get_address(SEARCH) if nav.is_open(request, SEARCH) else ""
    bell = nav.get_address(BELL)
    # Of the request, since the navigation shows badges too: one query a page.
    counts = badges.count_for_page(request) if bell else {}
    return {
        "search": search,
        "bell": bell,
        "here": request.path == bell,
        "badge": badges.BELL,
        "count": counts.get(badges.BELL, 0),
        "stream": nav.get_address(STREAM) if badges.LIVE else "",
        "since": badges.format_version(counts),
        "user": user,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("ui/language_switch.html", takes_context=True)
def language_switch(context: Context) -> dict[str, object]:
    request = context.get("request")
    if request is None:
        return {}
    # The switch leads back by GET: an address that only takes a POST would answer with
    # 405.
    here = request.get_full_path() if request.method == "GET" else "/"
    here = context.get("stay_at") or here  # where a form is shown again by POST
    return {
        "languages": languages.list_languages(),
        "current": get_language(),
        "here": here,
    }


@register.inclusion_tag("ui/user_menu.html", takes_context=True)
def user_menu(context: Context) -> dict[str, object]:
    request = context.get("request")
    words = str(context.get("user") or "").split()
    return {
        "initials": "".join(word[0] for word in words[:2]),
        "user": context.get("user"),
        "request": request,
        "links": nav.list_personal(request) if request else [],
        "practising": settings.PRACTISING,
        # Who holds no keys has nothing to lock.
        "locks": request is not None and nav.is_open(request, LOCK),
        # To sign out of an exercise would leave the person signed in here.
        "outside": settings.FORCE_SCRIPT_NAME.removesuffix("in")
        if settings.SANDBOX
        else "",
    }


@register.simple_tag
def url_if_any(name: str, *args: object) -> str:
    """Return the address of a page, or nothing while no room offers it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@register.inclusion_tag("ui/quick_exit.html")
def quick_exit(clears: bool = False) -> dict[str, object]:
    """Show the button that leaves this page. `clears`: the browser forgets cookies and
    pages of ours; for pages for people, never where a colleague works."""
    by = url_if_any("ui:leave") if clears else ""
    return {"url": settings.QUICK_EXIT_URL, "by": by or settings.QUICK_EXIT_URL}


@register.filter
def reference(text: object) -> SafeString:
    """Render a case's reference in one piece, and from left to right on every page."""
    if not text:
        return SafeString("")
    return SafeString(f'<bdi dir="ltr" class="reference">{escape(str(text))}</bdi>')


@register.filter
def team(of: Any) -> SafeString:
    """Format a team, and the organisation of which it is one."""
    return listed([of.name, of.organisation.name])


@register.filter
def harmless(text: object) -> str:
    return made_harmless(str(text))
