"""Decoy cases: of a person who doesn't exist, so that opening one is an alarm.

Only the colleague who made one knows which it is. What is stored here is sealed under
the server's pepper: a reader of the table learns only how many there are. From the rows
and the log of a case that one person opened and closed within hours, the reader may
guess which (ADR 67)."""

import json
import logging
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Self
from uuid import UUID

from django.db.models import Q, QuerySet

from amana.trust.access.models import User
from amana.trust.alarms.models import Decoy
from amana.trust.audit.models import AuditEvent, AuditMention
from amana.trust.vault import crypto, server_secrets
from amana.trust.vault.crypto import Unopenable

SIZE = 256
"""So long is each, in bytes, whatever it says."""
TOUCHES = (
    *("opened", "opened history", "opened file", "opened letters"),
    *("opened disclosure", "opened in an emergency"),
    *("searched", "looked whether known", "looked up consents"),
    *("exported", "took offline pack"),
    *("assigned", "offered transfer", "reopened case"),
)
"""What no case worker needs to do with a case of a person who doesn't exist. A list
that shows it among others, as every list of its team does, is none of these."""

MALFORMED = (ValueError, KeyError, TypeError)
"""A row that was put into the table keeps no alarm from being raised."""

problems = logging.getLogger(__name__)


@dataclass(frozen=True)
class DecoySecret:
    """What a `Decoy` says: who asked whom for it, in which team, and which case it is.

    `case` is None until it was made; one that is `ended` alarms no more, and is still
    counted nowhere."""

    officer: int
    maker: int
    team: int
    case: UUID | None = None
    ended: bool = False

    @classmethod
    def read(cls, row: Decoy) -> Self:
        sealed = bytes(row.sealed).decode()
        kept = json.loads(server_secrets.open_text(sealed, "decoy", row.pk))
        case = kept.pop("case")
        return cls(**kept, case=UUID(case) if case else None)

    def put(self, row: Decoy) -> None:
        """Seal it into its row, and save that."""
        kept = asdict(self) | {"case": self.case.hex if self.case else None}
        # All in one size: a decoy that was made would be longer than one that was not.
        text = crypto.fill_with_spaces(json.dumps(kept).encode(), SIZE).decode()
        row.sealed = server_secrets.seal_text(text, "decoy", row.pk).encode()
        row.save()

    @property
    def told(self) -> frozenset[int]:
        """Whose look at it is no alarm."""
        return frozenset({self.officer, self.maker})


def read_all(rows: Iterable[Decoy] | None = None) -> list[tuple[Decoy, DecoySecret]]:
    """Read each of these rows (None: all) with its secret."""
    found = []
    for row in Decoy.objects.order_by("pk") if rows is None else rows:
        try:
            found.append((row, DecoySecret.read(row)))
        except (Unopenable, *MALFORMED):  # its pepper is gone, or it is none of ours
            problems.error("A decoy case can't be read: %s.", row.pk)
    return found


def is_decoy(case: UUID) -> bool:
    """Return whether the case is invented, and so not counted. One query."""
    return any(secret.case == case for _row, secret in read_all())


def filter_touching(
    events: QuerySet[AuditEvent], *, but: User | None = None
) -> QuerySet[AuditEvent]:
    """Filter the events that did something with a decoy case; without those that `but`
    knows of.
    """
    # Opened each time: a hash of the case's id, or a flag, in the database would reveal
    # the decoys (ADR 67).
    cases = [
        secret.case
        for _row, secret in read_all()
        if secret.case
        and not secret.ended
        and (but is None or but.pk not in secret.told)
    ]
    if not cases:
        return events.none()
    shown = AuditMention.objects.filter(case__in=cases).values("event")
    return events.filter(Q(case__in=cases) | Q(pk__in=shown), did__in=TOUCHES)
