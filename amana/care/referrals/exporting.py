"""Referrals on paper: those that one answers, or has sent."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from amana.care.referrals.models import Referral
from amana.care.referrals.rules import see_referral
from amana.trust.access.models import User
from amana.trust.exports.export_kinds import ExportKind, register_kind

REFERRALS = "referrals"


def find_referrals(user: User, chosen: Iterable[UUID]) -> Mapping[UUID, UUID]:
    seen = see_referral.among(Referral.objects.all(), user)
    ordered = seen.filter(pk__in=list(chosen)).order_by("due_at", "pk")
    return dict(ordered.values_list("pk", "case"))


def register_kinds() -> None:
    from amana.care.referrals.views import bulk_handover

    register_kind(
        ExportKind(
            REFERRALS,
            _("Referrals on paper"),
            find_referrals,
            bulk_handover.show_sheets,
        )
    )
