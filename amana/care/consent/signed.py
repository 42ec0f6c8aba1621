"""What a case's manifest says of each consent: what the person heard, and no more.

The row is only a copy: what is shared rests on what was signed when she agreed, and
signed again when she agreed to another end."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC
from typing import Any

from django.utils.translation import gettext as _

from amana.care.consent.models import Consent
from amana.care.consent.wording import Wording
from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.vault import altered, documents, manifest
from amana.trust.vault.altered import Alteration
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.documents import Opened
from amana.trust.vault.manifest import State


def name_of(consent: Consent) -> str:
    return f"consent/{consent.pk.hex}"


def terms(consent: Consent) -> Mapping[str, Any] | None:
    """What the row says now; None: it has ended, or was a no."""
    if consent.status != Consent.Status.GIVEN:
        return None
    return {
        "recipient": consent.recipient_id,
        "fields": sorted(consent.fields),
        "along": sorted(consent.along),
        "purpose": str(consent.purpose),
        "need": consent.need_id.hex if consent.need_id else "",
        "given_by": str(consent.given_by),
        "conditions": consent.has_conditions,
        "until": consent.expires_at.astimezone(UTC).isoformat(),
    }


def hash_of(text: Mapping[str, Any]) -> str:
    """Of the words that were read to her."""
    words = json.dumps(text, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(words.encode()).hexdigest()


def put(state: State, consent: Consent, text: Wording) -> None:
    """Let the manifest say what she agreed to, and what she heard before."""
    said = terms(consent)
    assert said is not None
    state.facts[name_of(consent)] = {
        **said,
        "sphere": str(consent.recipient.organisation.sphere),
        "heard": hash_of(json.loads(json.dumps(text.kept(), default=str))),
    }


def end(consent: Consent, *, by: User | None) -> None:
    """Let it say so no more: also without a key of the case."""
    manifest.narrow(consent.case_id, manifest.Kind.ENDS, name_of(consent), by=by)


# --- what is read is compared


def require(consents: Iterable[Consent]) -> None:
    """Tampered, unless these are what was heard: of one case, as a page shows them."""
    for case, theirs in _by_case(consents).items():
        manifest.require(case, _reader(theirs))


def _by_case(consents: Iterable[Consent]) -> dict[Any, list[Consent]]:
    found: dict[Any, list[Consent]] = {}
    for consent in consents:
        found.setdefault(consent.case_id, []).append(consent)
    return found


def _reader(consents: list[Consent]) -> Callable[[bool], Mapping[str, Any]]:
    def read(again: bool) -> Mapping[str, Any]:
        rows = consents
        if again:
            rows = list(Consent.objects.filter(pk__in=[c.pk for c in consents]))
        return {name_of(consent): terms(consent) for consent in rows}

    return read


def require_to_share(consents: Collection[Consent]) -> State:
    """The same, of consents of one case that are held while something is shared under
    them; and that each recipient is of the kind that it was when she agreed."""
    require(consents)
    [case] = {consent.case_id for consent in consents}
    state = manifest.state_of(case)
    for consent in consents:
        signed = state.facts.get(name_of(consent))
        if signed is None:
            raise Refused(_("This consent has already ended."))
        if signed["sphere"] != str(consent.recipient.organisation.sphere):
            raise Refused(
                _("This organisation’s sphere has changed since she agreed: ask again.")
            )
    return state


def require_heard(
    consents: Collection[Consent], *, by: User, part: Compartment
) -> None:
    """Tampered, unless the words that were read to her name all that is to be told."""
    state = require_to_share(consents)
    [case] = {consent.case_id for consent in consents}
    names = [consent.document for consent in consents]
    texts = documents.coded(case, [part], names, by=by, into=_texts)
    for consent in consents:
        heard, named = texts.get(consent.document, ("", frozenset()))
        signed = state.facts[name_of(consent)]
        if heard != signed["heard"] or not named.issuperset(consent.fields):
            raise altered.of_case(Alteration.CONSENT, case)


def _texts(
    opened: Mapping[tuple[Compartment, str], Opened],
) -> dict[str, tuple[str, frozenset[str]]]:
    """Of each text its hash, and the keys of all that it names."""
    return {
        name: (hash_of(one.content["text"]), keys_in(one.content["text"]))
        for (_part, name), one in opened.items()
    }


def keys_in(text: dict[str, Any]) -> frozenset[str]:
    lines = Wording.again(text).lines
    return frozenset(key for line in lines for key in line.keys)
