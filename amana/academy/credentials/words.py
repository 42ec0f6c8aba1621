"""What each answer about a certificate means, in sentences that people read."""

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from amana.academy.credentials.engine.verdicts import Outcome, Verdict


@dataclass(frozen=True, slots=True)
class Words:
    title: str | Promise
    sentence: str | Promise
    tone: Literal["good", "due", "late", "plain"]


WORDS = {
    Outcome.VALID: Words(
        _("This certificate is valid"),
        _("The issuer signed it, and nobody has changed it."),
        "good",
    ),
    Outcome.ALTERED: Words(
        _("This certificate was altered"),
        _(
            "It names the issuer, but it is not what the issuer signed: something in "
            "it was changed, added or taken out. Do not rely on anything in it."
        ),
        "late",
    ),
    Outcome.FORGED: Words(
        _("This certificate was not signed by the issuer"),
        _(
            "It is signed with an unknown key. It is forged, or the key is no longer "
            "trusted, or it comes from another issuer. Do not rely on it."
        ),
        "late",
    ),
    Outcome.EXPIRED: Words(
        _("This certificate has expired"),
        _("The issuer signed it, and nobody has changed it; its time is over."),
        "due",
    ),
    Outcome.REVOKED: Words(
        _("This certificate was revoked"),
        _("The issuer signed it, and has since taken it back."),
        "late",
    ),
    Outcome.EARLY: Words(
        _("This certificate is not valid yet"),
        _("The issuer signed it for a later day. Look at the clock of this device."),
        "due",
    ),
    Outcome.UNREADABLE: Words(
        _("This could not be read as a certificate"),
        _(
            "The file is damaged, or is something else. Ask for the certificate’s "
            "own file: JSON, a picture with the certificate in it, or the text of "
            "the square."
        ),
        "plain",
    ),
}

NOT_REVOKED = _("It was not revoked, as of the day given here.")
NOT_LOOKED_UP = _(
    "Whether it was revoked was not looked up: the issuer’s list is not at hand."
)


def of(verdict: Verdict) -> Words:
    return WORDS[verdict.outcome]
