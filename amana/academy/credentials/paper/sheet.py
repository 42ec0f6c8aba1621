"""The printed certificate: one sheet, with the certificate itself in a square on it."""

from django.conf import settings
from django.urls import reverse
from django.utils.dateformat import format as written_date
from django.utils.translation import gettext as _

from amana.academy.credentials.engine.verdicts import read_claims
from amana.academy.credentials.models import Certificate
from amana.academy.credentials.paper.badge_pictures import draw_square
from amana.academy.credentials.paper.printing import list_fonts, write_sheet
from amana.ui import languages


def write_pdf(certificate: Certificate) -> bytes:
    """Write the sheet in the language that is active, or in English."""
    with languages.use_complete_language("amana/academy/credentials") as language:
        says, holder = build_sheet(certificate, language), certificate.learner_id
    return write_sheet("certificate.typ", says, "pdf", by=holder)


def build_sheet(certificate: Certificate, language: str) -> dict[str, object]:
    says = read_claims(certificate.document)
    ends = says.valid_until
    verify = f"{settings.ADDRESS}{reverse('credentials:verify')}"
    return {
        "language": language,
        "direction": languages.get_direction(language),
        "fonts": list_fonts(language),
        "title": _("Certificate"),
        "holder": says.name or _("The holder of this certificate"),
        "has": _("has achieved"),
        "achievement": says.achievement,
        "spoken": languages.get_direction(certificate.achievement.language),
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
        "square": draw_square(certificate),
        "square_words": _("A QR code that contains this certificate"),
        "how": _(
            "The QR code contains the certificate itself. A phone that reads it opens "
            "a page that checks it on the phone, and sends it to no one. Without a "
            "network, the page verify.html does so, which you can download at the "
            "address below. Only the issuer’s list shows whether it has been revoked "
            "since."
        ),
        "verify": verify,
        "mark_words": _("The issuer’s key"),
        "mark": certificate.key.multikey,
    }
