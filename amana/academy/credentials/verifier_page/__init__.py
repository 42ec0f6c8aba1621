"""verify.html: one file that checks certificates in a browser, without a network.

It holds the contexts, our public keys and the list of revoked certificates as they are
when it is taken out; its reader has to know from elsewhere that the keys are ours, so
it shows them. The canonical order comes from jsonld.js, the signature from the
browser itself (Web Cryptography, Ed25519: Chromium 137, Firefox 129, Safari 17)."""

import json
from base64 import b64encode
from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path
from string import Template

from django.conf import settings
from django.utils import timezone
from django.utils.csp import CSP
from django.utils.dateformat import format as written_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amana.academy.credentials import checking, labels, signing
from amana.academy.credentials.engine.canonical import FILES, Json, load_context
from amana.ui import languages

HERE = Path(__file__).parent


def build_page() -> str:
    """Build the page in the language that is active, or in English, with our keys and
    today's list."""
    with languages.use_complete_language("amana/academy/credentials"):
        return render_page(signing.build_did_document(), checking.list_status_lists())


def render_page(did_document: Json, lists: list[Json]) -> str:
    language = get_language() or settings.LANGUAGE_CODE
    methods = did_document["verificationMethod"]
    known = {
        "contexts": {url: load_context(url) for url in FILES},
        "trusted": {method["id"]: method for method in methods},
        "lists": lists,
        "words": list_sentences(),
    }
    marks = [m["publicKeyMultibase"] for m in methods if "publicKeyMultibase" in m]
    spoken = {name: escape(str(text)) for name, text in list_texts().items()}
    return Template(read_file("page.html")).substitute(
        spoken,
        language=language,
        direction=languages.get_direction(language),
        keys="".join(
            f'<li dir="ltr"><code>{escape(mark)}</code></li>' for mark in marks
        ),
        # It is inside a script element, which a `</script>` in a name would end.
        known=json.dumps(known, ensure_ascii=False).replace("<", "\\u003c"),
        style=read_file("style.css"),
        jsonld=read_file("vendor/jsonld/jsonld.js"),
        script=read_file("verify.js"),
    )


def build_policy() -> dict[str, list[str]]:
    """Build the policy of the page as our server sends it: its own scripts run, and it
    asks no one for anything."""
    scripts = ("vendor/jsonld/jsonld.js", "verify.js")
    return {
        "default-src": [CSP.NONE],
        "script-src": [hash_inline(script) for script in scripts],
        "style-src": [hash_inline("style.css")],
        "base-uri": [CSP.NONE],
        "form-action": [CSP.NONE],
        "frame-ancestors": [CSP.NONE],
    }


def hash_inline(name: str) -> str:
    digest = sha256(read_file(name).encode()).digest()
    return f"'sha256-{b64encode(digest).decode()}'"


def list_sentences() -> Json:
    """List what the script shows of its result."""
    return {
        "outcomes": {
            outcome.value: {
                "title": str(said.title),
                "sentence": str(said.sentence),
                "tone": said.tone,
            }
            for outcome, said in labels.WORDS.items()
        }
        | {"unable": build_unable()},
        "achievement": _("Certificate"),
        "name": _("Holder"),
        "unnamed": _("Not shown, as the holder wished."),
        "issuer": _("Issued by"),
        "endorsed": _("Endorsed, when it was issued, by"),
        "from": _("Valid from"),
        "until": _("Valid until"),
        "endless": _("no expiry date"),
        "revoked": _("Revoked?"),
        "yes": _("Yes."),
        "no": _("No."),
        "asOf": _("According to the issuer’s list of"),
        "notLookedUp": str(labels.NOT_LOOKED_UP),
        "key": _("Signed with"),
    }


def build_unable() -> dict[str, str]:
    return {
        "title": _("This browser can’t check certificates"),
        "sentence": _(
            "It is too old. This does not mean that the certificate is invalid."
        ),
        "tone": "plain",
    }


def list_texts() -> dict[str, str]:
    return {
        "title": _("Check a certificate"),
        "lead": _(
            "This page works without a network. What you enter stays on this device."
        ),
        "noscript": _("Checking here needs JavaScript. It runs only on this device."),
        "file": _("Certificate file"),
        "text": _("Or its text"),
        "list": _("A newer list of revoked certificates"),
        "list_hint": _("If you have one. Otherwise the list in this page is used."),
        "check": _("Check"),
        "keys_title": _("The keys that this page trusts"),
        "keys_lead": _(
            "Compare them with the key printed on a certificate, or with the one "
            "that the issuer gives you. If they differ, this page is not the "
            "issuer’s."
        ),
        "made": _("This page was made on %(day)s.")
        % {"day": written_date(timezone.now(), _("j F Y"))},
    }


@cache
def read_file(name: str) -> str:
    return (HERE / name).read_text()
