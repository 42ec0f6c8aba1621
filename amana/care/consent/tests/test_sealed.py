"""Who answered for a person tells of a child: it is sealed, and nothing that lies in
the clear lets it be guessed (P01, P25)."""

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps

from amana.care.consent import actions, consent_questions, consent_text
from amana.care.consent.models import Consent
from amana.care.consent.sealed import SEALED_IN
from amana.trust.access.models import Team, User
from amana.trust.vault import documents, manifest
from amana.trust.vault.altered import Alteration, Tampered
from amana.trust.vault.models import Document

from .conftest import a_case, agrees, in_days

By = Consent.GivenBy
CHILD = {"child": "yes", "age": 15, "guardian": "Her aunt"}
ANSWERS: dict[By, dict[str, Any]] = {
    By.PERSON: {"child": "no", "age": 31},
    By.GUARDIAN: CHILD,
    By.CHILD: CHILD,
}
LAW = {By.CHILD: ("A child of fifteen decides alone, article 12. " * 7)[:300]}

DRAWN = re.compile(r"[0-9a-f-]{8,}|\d+")
"""Ids, hashes, times and numbers: other each time, whatever was answered."""


def rows() -> dict[tuple[str, Any], dict[str, Any]]:
    return {
        (model._meta.label, row["pk"]): row
        for model in apps.get_models()
        for row in model._base_manager.values("pk", *columns(model))
    }


def columns(model: Any) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def shown(before: dict[tuple[str, Any], dict[str, Any]]) -> list[str]:
    """All that was written since, as a thief reads it: of what is sealed, how long it
    is."""
    return sorted(
        f"{label}.{name}: {shape(value)}"
        for (label, pk), row in rows().items()
        for was in [before.get((label, pk), {})]
        for name, value in row.items()
        if name not in was or was[name] != value
    )


def shape(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return f"{len(bytes(value))} bytes"
    return DRAWN.sub("#", str(value))


def asked(worker: User, shelter: Team, by: By) -> tuple[Consent, list[str]]:
    case = a_case(worker, **ANSWERS[by])
    before = rows()
    why = LAW.get(by, "")
    consent = agrees(
        case,
        to=shelter,
        by=worker,
        given_by=by,
        why_alone=why,
        expires_at=in_days(90),
    )
    actions.disclose(consent, by=worker)
    return consent, shown(before)


def test_what_lies_in_the_clear_is_alike_whoever_answered(
    worker: User, shelter: Team
) -> None:
    grown_up, guardian, alone = (asked(worker, shelter, by)[1] for by in By)

    assert len(grown_up) > 60
    assert grown_up == guardian == alone


def test_who_answered_stands_in_no_column_and_no_detail_of_the_log(
    worker: User, shelter: Team
) -> None:
    _consent, guardian = asked(worker, shelter, By.GUARDIAN)
    said = [line.split(": ", 1)[1] for line in guardian]
    assert not [value for value in said if "guardian" in value or "child" in value]


def test_the_signed_hash_is_of_no_text_that_can_be_written_again(
    worker: User, shelter: Team
) -> None:
    """A thief knows all but whether a child heard it, and tries both."""
    consent, _shown = asked(worker, shelter, By.GUARDIAN)
    told = consent_questions.reopen_question(consent, by=worker).payload(
        consent.fields, expires_at=consent.expires_at
    )
    tried = {
        hash_of(part)
        for child in (False, True)
        for text in [consent_text.build_wording("ar", told, child=child).kept()]
        for given_by in By
        for part in (text, {"text": text}, {"text": text, "given_by": str(given_by)})
    }
    facts = manifest.get_state(consent.case_id).facts
    signed = facts[f"consent/{consent.pk.hex}"]

    assert read(consent, worker)["text"] == json.loads(
        json.dumps(consent_text.build_wording("ar", told, child=True).kept())
    )
    assert signed["heard"] not in tried
    assert "given_by" not in signed


def hash_of(part: Any) -> str:
    words = json.dumps(part, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(words.encode()).hexdigest()


def read(consent: Consent, by: User) -> dict[str, Any]:
    return actions.open_answer(consent, by=by, purpose="test")


# --- one who holds the keys writes it anew


def reseal(consent: Consent, by: User, **changes: Any) -> None:
    """Seal another answer in its place, as one can who holds the keys of the case and
    writes in the database."""
    content = read(consent, by) | changes
    keys = documents.open_compartment_keys(consent.case_id, [SEALED_IN], by=by)
    key, secret = keys[SEALED_IN]
    document = Document.objects.get(key=key, name=consent.document)
    documents.writing._seal(document, content, secret)
    document.save(update_fields=["sealed"])


def answers_of_others() -> Iterator[tuple[By, By]]:
    yield from ((By.GUARDIAN, By.CHILD), (By.CHILD, By.GUARDIAN))


@pytest.mark.parametrize(("said", "written"), answers_of_others())
def test_nothing_is_shared_where_another_is_written_to_have_answered(
    worker: User, shelter: Team, said: By, written: By
) -> None:
    case = a_case(worker, **ANSWERS[said])
    why = LAW.get(said, "")
    consent = agrees(case, to=shelter, by=worker, given_by=said, why_alone=why)
    reseal(consent, worker, given_by=str(written))

    with pytest.raises(Tampered) as refused:
        actions.disclose(consent, by=worker)
    assert refused.value.what is Alteration.CONSENT


def test_a_guardian_written_out_of_an_answer_comes_under_suspicion_all_the_same(
    worker: User, shelter: Team
) -> None:
    case = a_case(worker, **CHILD)
    consent = agrees(case, to=shelter, by=worker, given_by=By.GUARDIAN)
    reseal(consent, worker, given_by=str(By.CHILD))

    suspected = CHILD | {"guardian_suspect": "yes"}
    actions.discount_given_by_others(case, suspected, by=worker)

    consent.refresh_from_db()
    assert consent.status == Consent.Status.UNUSED
