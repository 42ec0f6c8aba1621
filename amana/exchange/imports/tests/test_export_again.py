"""What is exported means the same when it is imported.

Planted faults that this finds: hours of a whole week that come back as one Monday, no
children that come back as any number of them, a hidden house that comes back in the
open."""

import json
import re
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from amana import given as make
from amana.design.directory.hours import DAY, WEEK
from amana.design.directory.models import Area, Service
from amana.exchange.hsds import writing
from amana.exchange.hsds.package import read_services
from amana.exchange.hsds.reading.hsds_services import Found, read_service
from amana.exchange.imports import actions
from amana.exchange.imports.tests.test_same_again import (
    STREET,
    compare,
    outcomes,
    undone_again,
)
from amana.exchange.rows import MisplacedPart
from amana.trust.access.models import Role, User
from tests.profiles import each_time
from tests.worlds import kept


@kept
def by(db: None) -> User:
    Area.objects.create(
        code="XX", names={"en": "North"}, level=0, path="XX/", lat=1, lon=1
    )
    return make.make_worker(role=Role.COORDINATOR)


SPAN = st.integers(0, WEEK - 1).flatmap(
    lambda start: st.tuples(st.just(start), st.integers(start + 1, start + DAY))
)
HOURS: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.just([]),
    st.just([[0, WEEK]]),
    st.just([[6 * DAY + 720, 8 * DAY + 720]]),
    st.lists(SPAN, max_size=3, unique_by=lambda span: span[0]).map(
        lambda spans: [list(span) for span in sorted(spans)]
    ),
)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "types": st.sampled_from([["HE2"], ["SH2", "HE2"], ["SH1"]]),
    "status": st.sampled_from(Service.Status.values),
    "hidden": st.booleans(),
    "hours": HOURS,
    "hours_note": st.sampled_from(["", "closed in August"]),
    "zone": st.sampled_from(["", "Asia/Amman"]),
    "languages": st.sampled_from([[], ["ar", "fr"], ["kmr", "prs"]]),
    "costs": st.booleans(),
    "cost_note": st.sampled_from(["", "5 dinars"]),
    "accessibility": st.sampled_from([None, [], ["step_free"]]),
    "coverage": st.sampled_from([[], ["XX"]]),
    "sexes": st.sampled_from([[], ["female"]]),
    "age_min": st.sampled_from([0, 18]),
    "children_max": st.sampled_from([0, 2]),
    "max_stay_days": st.sampled_from([0, 30]),
    "accepts_referrals": st.booleans(),
    "wait_days": st.sampled_from([None, 0, 14]),
    "answers_within_hours": st.sampled_from([0, 24]),
    "feedback_within_hours": st.sampled_from([0, 48]),
    "needs_police": st.booleans(),
    "name_ar": st.sampled_from(["", "عيادة"]),
    "name_fr": st.sampled_from(["", "Clinique"]),
    "conditions": st.sampled_from(["", "With an appointment"]),
    "information_needed": st.sampled_from(["", "Age"]),
    "contact_role": st.sampled_from(["", "Focal point"]),
    "arrival": st.sampled_from(["", "Behind the market"]),
    "website": st.sampled_from(["", "https://port.example.org"]),
    "description": st.sampled_from(["", "Open to all."]),
}


def test_what_is_exported_is_the_same_after_it_was_imported(by: User) -> None:
    team = make.make_team()
    keeper = make.make_worker(of=team, role=Role.FOCAL_POINT)
    area = Area.objects.get()

    @settings(max_examples=each_time(40))
    @given(st.lists(st.fixed_dictionaries(FIELDS), min_size=1, max_size=3))
    def run(listed: list[dict[str, Any]]) -> None:
        with undone_again():
            for number, fields in enumerate(listed):
                # An import hides a safe house, whatever its file says.
                fields["hidden"] |= fields["types"] == ["SH1"]
                make.make_service(
                    of=team,
                    by=keeper,
                    name=f"Service {number}",
                    area=area if number else None,
                    address=f"{number} {STREET}",
                    lat=1.5,
                    lon=2.5,
                    **fields,
                )
            check_export(by)

    run()


def iterate_read(blob: bytes) -> Iterator[Found]:
    """Read an export as its reader does, in this process."""
    for said in read_services(blob):
        assert not isinstance(said, MisplacedPart)
        yield read_service(*said)


def check_export(by: User) -> None:
    services = list(Service.objects.for_list())
    written = writing.build_page(services)
    blob = json.dumps(written).encode()
    found = list(iterate_read(blob))
    this = actions.record_file(actions.ReadFile("copy", found), by=by)
    compare(this, by)
    assert outcomes(this) == {"new"}
    actions.apply_import(this, by=by)
    copies = list(Service.objects.for_list().filter(origin="copy"))
    again = writing.build_page(copies)
    assert list(map(strip, again["contents"])) == list(map(strip, written["contents"]))
    for service, copy in zip(services, copies, strict=True):
        hidden = (copy.hidden, copy.lat, copy.address) if service.hidden else True
        assert hidden in (True, (True, None, ""))
    # Importing it once more, where it is known, changes nothing.
    same = compare(actions.record_file(actions.ReadFile("copy", found), by=by), by)
    assert outcomes(same) == {"same"}


UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


def strip(service: dict[str, Any]) -> str:
    """A service without the ids of its rows here, and when they changed."""
    said = {k: v for k, v in service.items() if k != "last_modified"}
    return UUID.sub("id", json.dumps(said, sort_keys=True, ensure_ascii=False))
