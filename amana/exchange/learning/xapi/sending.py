"""Statements on their way to the store, in batches; what did not arrive goes again.

Where the store can't be reached, nothing is noted; the next run tries again. Where it
refuses a batch, each statement goes by itself, so that one can't hold up the others."""

import base64
import json
import logging
from collections.abc import Iterator, Sequence
from urllib import request
from urllib.error import HTTPError

from django.conf import settings
from django.db.models import Exists, OuterRef

from amana.academy.courses.models import Event
from amana.exchange import web
from amana.exchange.learning.xapi import actions
from amana.exchange.learning.xapi.models import SharingAgreement, StatementDelivery
from amana.exchange.learning.xapi.statements import TOLD, Json, build_statement

log = logging.getLogger(__name__)

AT_ONCE = 50
SECONDS = 20
NEVER = frozenset({400, 409, 413})
"""Answers after which the same statement is not worth another try."""

type Pairs = Sequence[tuple[SharingAgreement, Event]]


class StoreUnreachable(Exception):
    """The store gave no answer that says anything about a statement."""


class StatementRefused(Exception):
    """The store refused what it was sent."""


def send_waiting() -> tuple[int, int]:
    """Send what waits; count the statements that the store took, and those that it
    refused.
    """
    taken = refused = 0
    for sharing in SharingAgreement.objects.open().at(settings.LRS_URL).order_by("pk"):
        for batch in iterate_batches(sharing):
            bad = send_batch(batch)
            taken, refused = taken + len(batch) - len(bad), refused + len(bad)
    return taken, refused


def iterate_batches(sharing: SharingAgreement) -> Iterator[Pairs]:
    """Yield what happened since they agreed and the store has not received."""
    heard = StatementDelivery.objects.filter(sharing=sharing, event=OuterRef("pk"))
    waiting = (
        Event.objects.filter(
            ~Exists(heard),
            verb__in=TOLD,
            enrolment__person_id=sharing.person_id,
            received_at__gte=sharing.agreed_at,
        )
        .select_related("attempt", "enrolment__version__course")
        .defer("enrolment__version__compiled")
        .in_order()
    )
    # Asked again each time: what was sent is recorded, and is no longer among those
    # that wait.
    while some := [(sharing, event) for event in waiting.all()[:AT_ONCE]]:
        yield some


def send_batch(batch: Pairs) -> Pairs:
    """Send these, and return those that were refused."""
    try:
        post_statements([build_statement(event, sharing) for sharing, event in batch])
    except StatementRefused:
        if len(batch) == 1:
            actions.record_deliveries(batch, refused=True, by=None)
            log.warning("The record store refused a statement.")
            return batch
        # One by one: a statement that the store refuses must not hold up the others.
        return [bad for pair in batch for bad in send_batch([pair])]
    actions.record_deliveries(batch, refused=False, by=None)
    return []


def post_statements(statements: Sequence[Json]) -> None:
    """Post statements to the store. Raises `StatementRefused` or `StoreUnreachable`."""
    headers = {
        "Content-Type": "application/json",
        "X-Experience-API-Version": "1.0.3",
        "Authorization": f"Basic {encode_credentials()}",
    }
    try:
        asked = request.Request(  # noqa: S310 — the operator's own setting
            f"{settings.LRS_URL.rstrip('/')}/statements",
            data=json.dumps(statements).encode(),
            headers=headers,
        )
        # A redirect is no answer: what we sign in with goes to this store alone.
        with request.build_opener(web.NoRedirectHandler).open(asked, timeout=SECONDS):
            return
    except HTTPError as error:
        if error.code in NEVER:
            raise StatementRefused(str(error.code)) from error
        raise StoreUnreachable(str(error.code)) from error
    except web.NoResponse as error:
        raise StoreUnreachable(str(error)) from error
    except web.UNUSABLE as error:
        raise StoreUnreachable(type(error).__name__) from error


def encode_credentials() -> str:
    pair = f"{settings.LRS_USER}:{settings.LRS_PASSWORD}"
    return base64.b64encode(pair.encode()).decode()
