"""Five thousand services cost as many questions as five."""

from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from amana.design.directory import actions as directory_actions
from amana.design.directory.models import Service
from amana.design.directory.models.changes import record_change
from amana.exchange.directory_api import finding, publication
from amana.exchange.directory_api.models import PublishedService
from amana.exchange.directory_api.tests.conftest import read_lines, read_text

MANY = 5_000


@pytest.fixture
def many(db, team, district, monkeypatch) -> int:
    """Written at once: through the action each, it would take minutes."""
    # However busy this machine is.
    monkeypatch.setattr(publication, "PATIENCE", 600.0)
    number = count()
    Service.objects.bulk_create(
        Service(
            team=team,
            organisation=team.organisation,
            name=f"Service {next(number)}",
            types=["HE2"],
            visibility="public",
            area=district,
            lat=10.0 + n / MANY,
            lon=20.0,
        )
        for n in range(MANY)
    )
    record_change()
    publication.bring_up_to_date()
    return MANY


def queries(act) -> int:
    with CaptureQueriesContext(connection) as caught:
        act()
    return len(caught)


def test_lists_of_thousands_cost_as_many_questions_as_lists_of_five(ask, many):
    for path, said in (
        ("services", {"full": "true"}),
        ("services", {"search": "service 4"}),
        ("service_at_locations", {}),
        ("organizations", {}),
    ):
        ask(path, **said)  # what is remembered from now on
        few = queries(lambda p=path, s=said: ask(p, per_page="5", **s))
        all_ = queries(lambda p=path, s=said: ask(p, per_page="500", **s))
        assert few == all_ <= 12, (path, few, all_)


def test_the_last_page_is_there(ask, many):
    last = ask("services", per_page="500", page="10").json()
    assert (last["total_items"], last["total_pages"]) == (many, 10)
    assert last["contents"][-1]["name"] == f"Service {many - 1}"
    minimal = ask("services", minimal="true").json()
    assert minimal["size"] == many


def test_a_stream_reads_in_batches_and_never_the_whole(ask, many, monkeypatch):
    held: list[int] = []
    load = finding.load_records

    def note(rows, audience):
        rows = list(rows)
        held.append(len(rows))
        return load(rows, audience)

    monkeypatch.setattr(finding, "load_records", note)
    answer = ask("services", format="ndjson", full="true")
    assert held == []  # nothing before someone reads it
    found = [0]

    def read() -> None:
        found[0] = len(read_lines(answer))

    assert queries(read) <= 2 * (many // finding.BATCH + 1)
    assert found == [many]
    assert max(held) == finding.BATCH
    assert sum(held) == many


def test_a_map_of_thousands_is_streamed(ask, many):
    assert read_text(ask("/api/services.geojson")).count('"Feature"') == many


def test_one_change_among_thousands_is_followed_alone(many, team, keeper):
    service = Service.objects.latest("pk")
    directory_actions.change_service(service, name="New", by=keeper)
    followed = queries(publication.bring_up_to_date)
    assert followed <= 30
    newest = PublishedService.objects.latest("modified_at")
    assert newest.service == service.pk
