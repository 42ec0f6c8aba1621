"""What each answer about a certificate means, in sentences that people read."""

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from amana.academy.credentials.engine.verdicts import (
    VerificationOutcome,
    VerificationVerdict,
)


@dataclass(frozen=True, slots=True)
class CertificateText:
    title: str | Promise
    sentence: str | Promise
    tone: Literal["good", "due", "late", "plain"]


WORDS = {
    VerificationOutcome.VALID: CertificateText(
        _("This certificate is valid"),
        _("The issuer signed it, and no one has changed it."),
        "good",
    ),
    VerificationOutcome.ALTERED: CertificateText(
        _("This certificate was altered"),
        _(
            "It names the issuer, but it is not what the issuer signed: something in "
            "it was changed, added or taken out. Do not rely on anything in it."
        ),
        "late",
    ),
    VerificationOutcome.FORGED: CertificateText(
        _("This certificate was not signed by the issuer"),
        _(
            "It is signed with an unknown key. It is forged, or the key is no longer "
            "trusted, or it comes from another issuer. Do not rely on it."
        ),
        "late",
    ),
    VerificationOutcome.EXPIRED: CertificateText(
        _("This certificate has expired"),
        _("The issuer signed it, and no one has changed it, but it has expired."),
        "due",
    ),
    VerificationOutcome.REVOKED: CertificateText(
        _("This certificate was revoked"),
        _("The issuer signed it, and has since revoked it."),
        "late",
    ),
    VerificationOutcome.EARLY: CertificateText(
        _("This certificate is not valid yet"),
        _("The issuer signed it for a later date. Check the clock of this device."),
        "due",
    ),
    VerificationOutcome.UNREADABLE: CertificateText(
        _("This could not be read as a certificate"),
        _(
            "The file is damaged, or is not a certificate. Ask for the certificate "
            "file itself: JSON, a picture that contains the certificate, or the text "
            "of the QR code."
        ),
        "plain",
    ),
}

NOT_LOOKED_UP = _(
    "It could not be checked whether the certificate was revoked: the "
    "issuer’s list is not available."
)


def get_words(verdict: VerificationVerdict) -> CertificateText:
    return WORDS[verdict.outcome]
