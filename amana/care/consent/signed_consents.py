"""What a case's manifest holds of each consent: what the person heard, and no more.

The row is only a copy: what is shared rests on what was signed when she agreed, and
signed again when she agreed to another end."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC
from uuid import UUID

from django.utils.translation import gettext as _

from amana.care.consent import sealed
from amana.care.consent.models import Consent
from amana.care.consent.sealed import AnswerCodes
from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.vault import altered, manifest
from amana.trust.vault.altered import Alteration
from amana.trust.vault.manifest import ManifestState


def build_name(consent: Consent) -> str:
    return f"consent/{consent.pk.hex}"


def get_terms(consent: Consent) -> Mapping[str, object] | None:
    """Return what the row holds now; None: it has ended, or was a no."""
    if consent.status != Consent.Status.GIVEN:
        return None
    return {
        "recipient": consent.recipient_id,
        "fields": sorted(consent.fields),
        "along": sorted(consent.along),
        "purpose": str(consent.purpose),
        "need": consent.need_id.hex if consent.need_id else "",
        "conditions": consent.has_conditions,
        "until": consent.expires_at.astimezone(UTC).isoformat(),
    }


def record_consent(
    state: ManifestState, consent: Consent, answer: Mapping[str, object]
) -> None:
    """Record in the manifest what she agreed to, and what is sealed of it: who answered
    and what they heard, as a hash."""
    said = get_terms(consent)
    assert said is not None
    state.facts[build_name(consent)] = {
        **said,
        "sphere": str(consent.recipient.organisation.sphere),
        "heard": sealed.compute_hash(answer),
    }


def record_end(consent: Consent, *, by: User | None) -> None:
    """Remove a consent from the manifest: also without a key of the case."""
    manifest.narrow(consent.case_id, manifest.Kind.ENDS, build_name(consent), by=by)


# --- what is read is compared


def require(consents: Iterable[Consent]) -> None:
    """Require that these consents, of one case, are what was heard, as a page shows
    them. Raises `Tampered`."""
    for case, theirs in _by_case(consents).items():
        manifest.require_facts(case, _reader(theirs))


def _by_case(consents: Iterable[Consent]) -> dict[UUID, list[Consent]]:
    found: dict[UUID, list[Consent]] = {}
    for consent in consents:
        found.setdefault(consent.case_id, []).append(consent)
    return found


def _reader(consents: list[Consent]) -> Callable[[bool], Mapping[str, object]]:
    def read(again: bool) -> Mapping[str, object]:
        rows = consents
        if again:
            rows = list(Consent.objects.filter(pk__in=[c.pk for c in consents]))
        return {build_name(consent): get_terms(consent) for consent in rows}

    return read


def require_to_share(consents: Collection[Consent]) -> ManifestState:
    """Require the same of consents of one case that are held while something is shared
    under them; and that each recipient is of the kind that it was when she agreed."""
    require(consents)
    [case] = {consent.case_id for consent in consents}
    state = manifest.get_state(case)
    for consent in consents:
        signed = state.facts.get(build_name(consent))
        if signed is None:
            raise Refused(_("This consent has already ended."))
        # She heard to which kind of organisation it goes: another sphere is not what
        # she agreed to.
        if signed["sphere"] != str(consent.recipient.organisation.sphere):
            raise Refused(
                _(
                    "This organisation’s sphere has changed since the person agreed. "
                    "Ask them again."
                )
            )
    return state


def require_heard(
    consents: Collection[Consent], *, by: User
) -> dict[UUID, Consent.GivenBy]:
    """Return who answered to each. Raises `Tampered`, unless the words that were read
    to them name all that is to be shared."""
    state = require_to_share(consents)
    answers = _as_signed(state, consents, by=by)
    for consent in consents:
        answer = answers.get(consent.pk)
        if answer is None or not answer.keys.issuperset(consent.fields):
            raise altered.build_case_tampered(Alteration.CONSENT, consent.case_id)
    return {pk: answer.given_by for pk, answer in answers.items()}


def find_answers(consents: Collection[Consent], *, by: User) -> dict[UUID, AnswerCodes]:
    """Find what was answered to these consents of one case, where that is as it was
    signed and `by` holds the keys of it."""
    if not consents:
        return {}
    [case] = {consent.case_id for consent in consents}
    return _as_signed(manifest.get_state(case), consents, by=by)


def _as_signed(
    state: ManifestState, consents: Collection[Consent], *, by: User
) -> dict[UUID, AnswerCodes]:
    signed = {
        consent.pk: state.facts.get(build_name(consent), {}).get("heard")
        for consent in consents
    }
    answers = sealed.find_answers(consents, by=by)
    return {pk: a for pk, a in answers.items() if a.hash == signed[pk]}
