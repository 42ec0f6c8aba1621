"""Who answers for a recipient: a member, the sender who notes it for them, or someone
who holds a code and no account."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from amana.care.referrals.models import OutsideChannel, Referral
from amana.care.referrals.referral_messages import MessageKind
from amana.errors import Refused
from amana.trust.access.models import Team, User
from amana.trust.vault import slips, visits
from amana.trust.vault.handover import CodeBearer

type Actor = User | Outsider
"""Who answers for a recipient: a member, the sender who writes it down, or this."""


@dataclass(frozen=True)
class Outsider:
    """Someone without an account, who holds the code of a page or of a return slip."""

    disclosure: UUID
    letterbox: bytes = field(repr=False)
    bearer: CodeBearer
    visit: UUID
    way: OutsideChannel
    name: str = ""
    """As they say it, if they do: it goes into the sealed letter and nowhere else."""

    @property
    def actor_id(self) -> str:
        return self.bearer.actor_id

    @property
    def role_names(self) -> str:
        return self.bearer.role_names

    def require(self, referral: Referral) -> None:
        """Require that it is for this referral, and that the code is still good."""
        if self.disclosure != referral.disclosure:
            raise PermissionDenied
        if not visits.is_open(self.visit):
            raise build_closed_refusal()

    def put_letter(
        self, kind: MessageKind, content: Mapping[str, object], *, team: Team
    ) -> None:
        signed = dict(content) | {"by": self.name, "team": team.name}
        slips.write_letter(self.disclosure, self.letterbox, kind, signed)


def build_closed_refusal() -> Refused:
    return Refused(
        _(
            "This page stays open for fifteen minutes only. Nothing was saved. Enter "
            "the code of your return slip and answer again."
        )
    )
