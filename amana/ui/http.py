"""What a view needs to speak HTML: to a browser, and to htmx in it."""

import json
import logging
from collections.abc import Callable, Mapping
from contextvars import copy_context
from functools import partial
from typing import Any

from django.contrib.messages import get_messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.request import RawPostDataException
from django.shortcuts import redirect, render, resolve_url
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header
from django_htmx.http import HttpResponseClientRedirect, retarget

from amana.errors import Changed, Refused
from amana.ui.typed import list_typed_sentences

logger = logging.getLogger(__name__)

LEADS_TO = "X-Leads-To"

SHOWN_ALONE = "sandbox; default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
"""The policy of a file that a user uploaded: opened anywhere, it does nothing."""


def asks_for_part(request: HttpRequest) -> bool:
    htmx = getattr(request, "htmx", None)
    # A boosted link and the restored history want everything, although htmx asks for
    # it.
    whole_page = htmx and (htmx.boosted or htmx.history_restore_request)
    return bool(htmx and not whole_page)


def show(
    request: HttpRequest,
    template: str,
    context: Mapping[str, object] | None = None,
    *,
    part: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render the whole page, or only the named part of it when htmx asked."""
    only_part = bool(part) and asks_for_part(request)
    name = f"{template}#{part}" if only_part else template
    response = render(request, name, dict(context or {}), status=status)
    if only_part:
        response.write(render_messages(request))
    # Else the browser's back button could show the part, which it kept under the same
    # address, as the whole page.
    patch_vary_headers(response, ["HX-Request"])
    return response


def run_after_answer(response: HttpResponseBase, act: Callable[[], object]) -> None:
    """Run this once the answer was sent, so that its reader doesn’t wait for it; in the
    context of now: what is collected for the page collects from it too.
    """
    closers: list[Callable[[], object]] = response._resource_closers  # type: ignore[attr-defined]
    closers.append(partial(copy_context().run, run_guarded, act))


def run_guarded(act: Callable[[], object]) -> None:
    """Run it; Django drops an error of it in silence, so it is logged here."""
    try:
        act()
    except Exception as error:
        # Only the type: the message of an error could hold words of a case.
        logger.error("after an answer: %s", type(error).__name__)


def send_file(content: bytes | str, media: str, name: str) -> HttpResponse:
    """Send a file to be kept and not shown; its name contains nothing of a person. Text
    is in UTF-8."""
    if media.startswith("text/") and "charset" not in media:
        media = f"{media}; charset=utf-8"
    return name_download(name, HttpResponse(content, content_type=media))


def name_download[Answer: HttpResponseBase](name: str, response: Answer) -> Answer:
    """Name an answer of any sort, to be kept under that name and not shown as a
    page."""
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def render_messages(request: HttpRequest) -> str:
    """Render the messages for the person, on their way to #notices with a part."""
    messages = list(get_messages(request))
    if not messages:
        return ""
    return render_to_string("ui/notices.html", {"messages": messages, "beside": True})


def done(
    request: HttpRequest,
    template: str = "",
    context: Mapping[str, object] | None = None,
    *,
    part: str = "",
    then: Any,
) -> HttpResponse:
    """Answer after an action: the changed part for htmx, for others a redirect."""
    if not asks_for_part(request):
        return redirect(then)
    if not part:
        return HttpResponseClientRedirect(resolve_url(then))
    response = show(request, template, context, part=part)
    response.headers[LEADS_TO] = resolve_url(then)
    return response


def answer_form(
    request: HttpRequest,
    template: str,
    form: BaseForm,
    act: Callable[[dict[str, Any]], object],
    *,
    title: str,
    back: str,
    **context: object,
) -> HttpResponse:
    """Answer with a page of one form; once it is valid, act, and lead back."""
    if form.is_valid():
        act(form.cleaned_data)
        return done(request, then=back)
    context |= {"form": form, "title": title, "back": back}
    return show(request, template, context, status=422 if form.is_bound else 200)


def get_destination(response: HttpResponse) -> str:
    """Return where the person goes after this answer; empty when they stay."""
    for header in ("Location", "HX-Redirect", LEADS_TO):
        if header in response.headers:
            return response.headers[header]
    return ""


class RefusedMiddleware:
    """Tell the person why their work was refused, where they are looking."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, error: Exception
    ) -> HttpResponse | None:
        if isinstance(error, Changed):
            return answer_refusal(request, "ui/errors/changed.html", 409, str(error))
        if isinstance(error, Refused):
            return answer_refusal(request, "ui/errors/refused.html", 409, str(error))
        if isinstance(error, PermissionDenied):
            return answer_refusal(request, "ui/errors/403.html", 403, str(error))
        return None


def answer_refusal(
    request: HttpRequest, template: str, status: int, reason: str = ""
) -> HttpResponse:
    """Answer with the sentence in #notices for htmx, which leaves the form as it is;
    else with a page that still holds what the person typed."""
    context = {
        "reason": reason,
        "typed": list_typed_sentences(request),
        "shell": choose_shell(request),
    }
    page = show(request, template, context, part="notice", status=status)
    # It may hold what was typed, and be shown to a user who is signed out by now.
    page.headers["Cache-Control"] = "no-store"
    if not asks_for_part(request):
        return page
    page.headers["HX-Reswap"] = "innerHTML show:top"
    return retarget(page, "#notices")


def read_json(request: HttpRequest, *, at_most: int) -> Any:
    """Read what a script sent. Raises BadRequest for what is larger, or nothing of the
    kind, a form among it, whose words have been read as such before."""
    try:
        if len(request.body) > at_most:
            raise BadRequest("More at once than this takes.")
        return json.loads(request.body)
    except (RawPostDataException, ValueError, RecursionError) as error:
        raise BadRequest("This can't be read.") from error


def choose_shell(request: HttpRequest) -> str:
    """Choose what is around an error: our own page, or the light one for people who are
    outside."""
    user = getattr(request, "user", None)
    inside = user is not None and user.is_authenticated
    return "ui/page.html" if inside else "ui/public_page.html"
