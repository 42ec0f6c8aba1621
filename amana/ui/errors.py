"""Pages for when something went wrong: what to do now, and never why in detail."""

import logging
import sys
from collections.abc import Iterable
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils.html import format_html, strip_tags

from amana.language_folders import SOURCE, PageLanguage
from amana.ui import outages
from amana.ui.http import answer_refusal

log = logging.getLogger(__name__)


def write_last_resort(languages: Iterable[PageLanguage]) -> str:
    """Write the page that is read when nothing works: in each language, without any
    catalogue, template or style sheet."""
    source, *others = (
        format_html(
            '<h1 lang="{}" dir="{}">{}</h1>',
            page.code,
            page.direction,
            page.last_resort,
        )
        for page in languages
    )
    title = strip_tags(source)
    head = f'<html lang="{SOURCE}"><meta charset="utf-8"><title>{title}</title>'
    return "\n".join(["<!doctype html>" + head, source, *others, "</html>"])


LAST_RESORT = write_last_resort(settings.PAGE_LANGUAGES.values())
"""Written when the program begins: when it is needed, reading a file may fail too."""


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig | TooManyFilesSent):
        return page(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return page(request, HTTPStatus.BAD_REQUEST)


def denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, HTTPStatus.FORBIDDEN)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return answer_refusal(request, "ui/errors/403_csrf.html", HTTPStatus.FORBIDDEN)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, HTTPStatus.NOT_FOUND)


def page(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    return answer_refusal(request, f"ui/errors/{status}.html", status)


def failed(request: HttpRequest) -> HttpResponse:
    """Answer a failure with nothing at hand: neither the database, nor a session, nor
    even the style sheet."""
    outage = outages.detect_outage(sys.exception())  # Django asks while it handles it
    try:
        if outage:
            # The class alone: the words of the error may hold those of a row (ADR 69).
            log.critical("Out of order: %s.", outage)
            return outages.answer_outage(request, outage)
        body: str = render_to_string("ui/errors/500.html")
    except (TemplateDoesNotExist, ValueError):
        body = LAST_RESORT  # e.g. static files were not collected
    return HttpResponse(body, status=HTTPStatus.INTERNAL_SERVER_ERROR)
