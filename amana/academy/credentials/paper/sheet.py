"""The printed certificate: one sheet, with the certificate itself in a square on it."""

from django.conf import settings
from django.urls import reverse
from django.utils.dateformat import format as written_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amana.academy.credentials.engine.verdicts import read
from amana.academy.credentials.models import Certificate
from amana.academy.credentials.paper.pictures import square
from amana.academy.credentials.paper.printing import fonts_of, typeset
from amana.ui import languages


def pdf(certificate: Certificate) -> bytes:
    """Write the sheet in the language that is active."""
    language = get_language() or settings.LANGUAGE_CODE
    says, holder = sheet(certificate, language), certificate.learner_id
    return typeset("certificate.typ", says, "pdf", by=holder)


def sheet(certificate: Certificate, language: str) -> dict[str, object]:
    says = read(certificate.document)
    ends = says.valid_until
    verify = f"{settings.ADDRESS}{reverse('credentials:verify')}"
    return {
        "language": language,
        "direction": languages.direction(language),
        "fonts": fonts_of(language),
        "title": _("Certificate"),
        "holder": says.name or _("The holder of this certificate"),
        "has": _("has achieved"),
        "achievement": says.achievement,
        "spoken": languages.direction(certificate.achievement.language),
        "description": certificate.achievement.description,
        "levels": [list(pair) for pair in says.levels],
        "facts": [
            [_("Issued by"), says.issuer],
            [_("Issued on"), written_date(says.valid_from, _("j F Y"))],
            [
                _("Valid until"),
                written_date(ends, _("j F Y")) if ends else _("no expiry date"),
            ],
        ],
        "square": square(certificate),
        "square_words": _("A QR code that contains this certificate"),
        "how": _(
            "The QR code contains the certificate itself. Read it with a phone, and "
            "check it at the address below, or without a network on the page "
            "verify.html, which you can download there. Only the issuer’s list shows "
            "whether it has been revoked since."
        ),
        "verify": verify,
        "mark_words": _("The issuer’s key"),
        "mark": certificate.key.multikey,
    }
