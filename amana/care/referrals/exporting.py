"""Referrals on paper: those that one answers, or has sent."""

from django.utils.translation import gettext_lazy as _

from amana.care.referrals.referral_exports import REFERRALS, find_referrals
from amana.care.referrals.views import bulk_handover
from amana.trust.exports.export_kinds import ExportKind, register_kind


def register_kinds() -> None:
    register_kind(
        ExportKind(
            REFERRALS,
            _("Referrals on paper"),
            find_referrals,
            bulk_handover.show_sheets,
        )
    )
