"""What all answers of the API have in common: who asks, what has not changed, headers.

No session and no cookie: an answer depends on the address and the key alone."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from http import HTTPStatus
from typing import Concatenate

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt

from amana.exchange.directory_api import publication
from amana.exchange.directory_api.callers import Caller, admit_caller
from amana.exchange.directory_api.parameters import (
    NDJSON,
    Parameter,
    Question,
    read_question,
)
from amana.exchange.directory_api.problems import (
    BadQuestion,
    NotAllowed,
    Preparing,
    Problem,
)
from amana.exchange.directory_api.publication import NotReady
from amana.exchange.directory_api.taxonomy_terms import LANGUAGE

SAFE = ("GET", "HEAD")
SETTLED = timedelta(seconds=2)
"""Last-Modified tells seconds: of a change in this one, a second might follow in it."""


class ApiRequest(HttpRequest):
    """A request with who asks, and what."""

    caller: Caller
    question: Question


type View[**P] = Callable[Concatenate[ApiRequest, P], HttpResponseBase]
type Answer[**P] = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def answer_questions[**P](
    *allowed: Parameter, whole: bool = False
) -> Callable[[View[P]], Answer[P]]:
    """Make a view of the API: with these parameters; `whole` sends everything."""

    def decorate(view: View[P]) -> Answer[P]:
        # Exempt, because it only reads: a form of another site is told so, too.
        @login_not_required
        @csrf_exempt
        @wraps(view)
        def answer(
            request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            # No sign of a person's presence, in a browser that happens to be theirs.
            request.by_itself = True  # type: ignore[attr-defined]
            try:
                response = _answer(request, view, allowed, whole, *args, **kwargs)
            except Problem as problem:
                response = problem.answer()
            return add_headers(request, response)

        return answer

    return decorate


def _answer[**P](
    request: HttpRequest,
    view: View[P],
    allowed: tuple[Parameter, ...],
    whole: bool,
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> HttpResponseBase:
    if request.method == "OPTIONS":
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"Allow": ALLOWED})
    if request.method not in SAFE:
        raise NotAllowed("This address is only read: use GET.")
    asked = to_asked(request, allowed)
    streams = whole or asked.question.format == NDJSON
    asked.caller = admit_caller(request, whole=streams)
    try:
        publication.bring_up_to_date()
    except NotReady as error:
        raise Preparing(
            "Much has changed at once, and is being prepared.", seconds=5
        ) from error
    return view(asked, *args, **kwargs)


ALLOWED = ", ".join((*SAFE, "OPTIONS"))


def to_asked(request: HttpRequest, allowed: tuple[Parameter, ...]) -> ApiRequest:
    """Read the parameters into the request. Raises `BadQuestion`."""
    try:
        query = request.GET
    except SuspiciousOperation as error:
        raise BadQuestion("These are too many parameters.") from error
    asked: ApiRequest = request  # type: ignore[assignment]
    asked.question = read_question(query, allowed)
    return asked


def add_headers(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    headers = response.headers
    headers.setdefault("Content-Language", LANGUAGE)
    headers.setdefault("Cache-Control", "no-store")
    headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    patch_vary_headers(response, ["Authorization"])
    if "Authorization" not in request.headers:
        # Any page may read what is public. With a key none may: a page that has one
        # has shown it to everyone.
        headers["Access-Control-Allow-Origin"] = "*"
        headers["Access-Control-Expose-Headers"] = "ETag, Last-Modified, Retry-After"
        if request.method == "OPTIONS":
            headers["Access-Control-Allow-Methods"] = ", ".join(SAFE)
            headers["Access-Control-Allow-Headers"] = "If-None-Match, If-Modified-Since"
    return response


# --- what has not changed since


def answer_unless_same(
    request: ApiRequest,
    build: Callable[[], HttpResponseBase],
    *,
    version: str,
    changed_at: datetime | None,
) -> HttpResponseBase:
    """Answer, or say that it is still what the client has (304), before anything is
    built. `version` names what the answer is made of, besides its address."""
    parts = [request.get_full_path(), request.caller.audience.value, version]
    parts.append(publication.get_program())
    digest = hashlib.blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()
    # Weak: what is read after the register may be newer than it. Then the next ETag is
    # another one, and the client asks again.
    etag = f'W/"{digest}"'
    seconds = None
    if changed_at is not None and timezone.now() - changed_at > SETTLED:
        seconds = int(changed_at.timestamp())
    # Before anything is built: what has not changed costs no query for services.
    same = get_conditional_response(request, etag=etag, last_modified=seconds)
    response = build() if same is None else same
    response.headers["ETag"] = etag
    if seconds is not None:
        response.headers["Last-Modified"] = http_date(seconds)
    shared = "public" if request.caller.is_public else "private"
    # Kept, but asked for each time: a service that is withdrawn is so at once.
    response.headers["Cache-Control"] = f"{shared}, no-cache"
    return response
