"""A certificate with all that is needed to check it where there is no network."""

import io
import json
import zipfile

from django.utils.translation import gettext as _

from amana.academy.credentials import signing, verifier_page
from amana.academy.credentials.engine.canonical import Json
from amana.academy.credentials.models import Certificate


def build_bundle(certificate: Certificate) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in list_files(certificate).items():
            archive.writestr(name, content)
    return out.getvalue()


def list_files(certificate: Certificate) -> dict[str, str]:
    return {
        "certificate.json": format_json(certificate.document),
        "certificate.jwt": certificate.token,
        "did.json": format_json(signing.build_did_document()),
        "revoked.json": format_json(signing.get_signed_list(certificate.listed_in)),
        "verify.html": verifier_page.build_page(),
        "README.txt": _(
            "certificate.json is the certificate. did.json holds its issuer’s keys, "
            "and revoked.json the list of revoked certificates as it was when this "
            "was made. Open verify.html in a browser, with or without a network. To "
            "find out whether the keys are really the issuer’s, compare them with "
            "the key on the printed certificate, or ask the issuer.\n"
        ),
    }


def format_json(document: Json) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
