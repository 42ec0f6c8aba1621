"""Who answers for a team this week, and who covers."""

from django.test import Client
from django.utils import timezone

from amana import given
from amana.trust.access.models import Team, User
from amana.ui.once import make_form_key

from .addresses import at


def test_a_week_is_set_and_shown(
    shelter_team: Team, shelter_worker: User, theirs: Client, strange: Client
) -> None:
    path = at("rota", shelter_team.pk)
    assert theirs.get(path).status_code == 200
    assert strange.get(path).status_code == 404
    data = make_form_key() | {
        f"day{day}-workers": [shelter_worker.pk] for day in range(7)
    }
    theirs.post(at("duty", shelter_team.pk), data)
    assert shelter_team.duties.count() == 7
    assert strange.post(at("duty", shelter_team.pk), data).status_code == 404


def test_cover_is_arranged_and_ended(
    shelter_team: Team, shelter_worker: User, theirs: Client, strange: Client
) -> None:
    colleague = given.make_worker(of=shelter_team, name="Idris Bello")
    today = timezone.now().date().isoformat()
    data = {
        "away": shelter_worker.pk,
        "covered_by": colleague.pk,
        "first_on": today,
        "last_on": today,
    }
    wrong = theirs.post(
        at("rota", shelter_team.pk),
        make_form_key() | data | {"covered_by": shelter_worker.pk},
    )
    assert wrong.status_code == 422
    theirs.post(at("rota", shelter_team.pk), make_form_key() | data)
    assert "Idris Bello" in theirs.get(at("inbox")).content.decode()
    cover = shelter_team.covers.get()
    assert strange.post(at("end_cover", cover.pk), make_form_key()).status_code == 404
    theirs.post(at("end_cover", cover.pk), make_form_key())
    assert not shelter_team.covers.exists()
