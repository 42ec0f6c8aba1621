"""The picture of a certificate, with the certificate in it; and its square.

The picture shows what was achieved and who certified it, never whose it is."""

import base64
import io
import json
from typing import Literal

import segno

from amana.academy.credentials.engine import baking, squares
from amana.academy.credentials.models import Certificate
from amana.academy.credentials.paper.printing import fonts_of, typeset
from amana.ui import languages


def png(certificate: Certificate) -> bytes:
    return baking.into_png(badge(certificate, "png"), written(certificate))


def svg(certificate: Certificate) -> str:
    return baking.into_svg(badge(certificate, "svg").decode(), written(certificate))


def badge(certificate: Certificate, kind: Literal["png", "svg"]) -> bytes:
    """Draw the picture; only the holder fetches it."""
    holder = certificate.learner_id
    return typeset("badge.typ", shown(certificate), kind, by=holder)


def square(certificate: Certificate) -> str:
    """Draw the QR code that holds the certificate's short form, as SVG."""
    code = segno.make(squares.to_square(certificate.compact), error="m", micro=False)
    out = io.BytesIO()
    code.save(out, kind="svg", border=4, xmldecl=False, dark="#000", light="#fff")
    return out.getvalue().decode()


def square_address(certificate: Certificate) -> str:
    """Build the same as an address that a page can show."""
    code = base64.b64encode(square(certificate).encode()).decode()
    return f"data:image/svg+xml;base64,{code}"


def shown(certificate: Certificate) -> dict[str, object]:
    achievement = certificate.achievement
    return {
        "name": achievement.name,
        "issuer": certificate.document["issuer"]["name"],
        "language": achievement.language,
        "direction": languages.direction(achievement.language),
        "fonts": fonts_of(achievement.language),
    }


def written(certificate: Certificate) -> str:
    return json.dumps(certificate.document, ensure_ascii=False, separators=(",", ":"))
