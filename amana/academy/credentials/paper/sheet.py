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
    """In the language that is active."""
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
                written_date(ends, _("j F Y")) if ends else _("without end"),
            ],
        ],
        "square": square(certificate),
        "square_words": _("A QR code that holds this certificate"),
        "how": _(
            "The square holds this certificate itself. Read it with a telephone, and "
            "check it at the address below, or without a network on the page "
            "verify.html, which is to be had there. Whether it was revoked since, only "
            "the issuer’s list says."
        ),
        "verify": verify,
        "mark_words": _("The issuer’s key"),
        "mark": certificate.key.multikey,
    }
