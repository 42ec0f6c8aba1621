"""What is put by in the clear: nothing that the case store seals."""

import pytest

from amana import given
from amana.insight.facts import telling
from amana.insight.facts.models import UntoldFact

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
    worker = given.a_worker()
    case = given.a_case(worked_on_by=worker)
    tmp_path.joinpath("file").touch()
    settings.FACTS_KEY_FILE = tmp_path / "file" / "facts.key"

    telling.by_its_team(
        case.pk, case.team_id, [(kind, {"result": result, "urgency": "U1"})], by=worker
    )

    said = UntoldFact.objects.get().said
    assert (said["kind"], said["urgency"], said.get("result")) == (kind, "U1", put_by)
