"""The picture of a certificate, with the certificate in it; and its square.

The picture shows what was achieved and who certified it, never whose it is."""

import base64
import io
import json
from typing import Literal

import segno
from django.conf import settings
from django.urls import reverse

from amana.academy.credentials.engine import baking, squares
from amana.academy.credentials.models import Certificate
from amana.academy.credentials.paper.printing import list_fonts, write_sheet
from amana.ui import languages


def draw_png(certificate: Certificate) -> bytes:
    return baking.embed_in_png(draw_badge(certificate, "png"), write_json(certificate))


def draw_svg(certificate: Certificate) -> str:
    return baking.embed_in_svg(
        draw_badge(certificate, "svg").decode(), write_json(certificate)
    )


def draw_badge(certificate: Certificate, kind: Literal["png", "svg"]) -> bytes:
    """Draw the picture; only the holder fetches it."""
    holder = certificate.learner_id
    return write_sheet("badge.typ", build_badge_data(certificate), kind, by=holder)


def draw_square(certificate: Certificate) -> str:
    """Draw the QR code that holds the certificate's short form, as SVG."""
    page = f"{settings.ADDRESS}{reverse('credentials:check')}#"
    # In two parts: digits take fewer modules than letters.
    digits = squares.encode_square(certificate.compact)
    code = segno.make([page, digits], error="m", micro=False)  # type: ignore[arg-type]
    out = io.BytesIO()
    code.save(out, kind="svg", border=4, xmldecl=False, dark="#000", light="#fff")
    return out.getvalue().decode()


def build_square_url(certificate: Certificate) -> str:
    """Build the same as an address that a page can show."""
    code = base64.b64encode(draw_square(certificate).encode()).decode()
    return f"data:image/svg+xml;base64,{code}"


def build_badge_data(certificate: Certificate) -> dict[str, object]:
    achievement = certificate.achievement
    return {
        "name": certificate.document["name"],
        "issuer": certificate.document["issuer"]["name"],
        "language": achievement.language,
        "direction": languages.get_direction(achievement.language),
        "fonts": list_fonts(achievement.language),
    }


def write_json(certificate: Certificate) -> str:
    return json.dumps(certificate.document, ensure_ascii=False, separators=(",", ":"))
