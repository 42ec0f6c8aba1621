"""What is put by in the clear: nothing that the case store seals."""

from uuid import uuid4

import pytest

from amana import given
from amana.insight.facts import recording, whom
from amana.insight.facts.models import DeferredObservation

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "result", "put_by"),
    [
        ("screening", "presumed", None),
        ("safety_gate", "incomplete", None),
        ("contact", "kept", "kept"),
    ],
)
def test_a_result_that_only_sealed_words_say_is_not_put_by(
    settings, tmp_path, kind, result, put_by
):
    worker = given.make_worker()
    case = given.make_case(worked_on_by=worker)
    tmp_path.joinpath("file").touch()
    settings.FACTS_KEY_FILE = tmp_path / "file" / "facts.key"

    recording.record_team_observations(
        case.pk, case.team_id, [(kind, {"result": result, "urgency": "U1"})], by=worker
    )

    said = DeferredObservation.objects.get().said
    assert (said["kind"], said["urgency"], said.get("result")) == (kind, "U1", put_by)


@pytest.mark.parametrize("before", [False, True])
def test_what_two_tell_at_once_can_both_be_corrected(before):
    worker = given.make_worker()
    case = given.make_case(worked_on_by=worker).pk
    first, mine, theirs = uuid4(), uuid4(), uuid4()
    if before:
        whom.record_observation_ids(
            case, known(case, worker), {"screening": first}, by=worker
        )
    seen = known(case, worker)

    whom.record_observation_ids(case, seen, {"goal": theirs}, by=worker)
    whom.record_observation_ids(case, seen, {"consent": mine}, by=worker)

    told = {"goal": theirs.hex, "consent": mine.hex}
    told |= {"screening": first.hex} if before else {}
    assert known(case, worker).told == told


def known(case, worker):
    found = whom.read_person_codes(case, by=worker)
    assert found is not None
    return found
