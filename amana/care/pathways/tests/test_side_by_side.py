"""Several mechanisms in force at once: which one a case follows, and how it changes."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.models import Case
from amana.care.pathways import version_moves
from amana.care.pathways.models import PathwayRun, UnmovedRun
from amana.care.pathways.tests.test_version_moves import longer, next_version
from amana.design.mechanism import actions as mechanisms
from amana.design.mechanism.choosing import find_version_of, list_versions_in_force
from amana.design.mechanism.models import Version
from amana.errors import Changed, Refused
from amana.trust.access.models import Role, Team, User
from amana.ui.once import make_form_key
from tests.worlds import kept

SHIPPED = sorted(
    path.parent for path in (settings.ROOT / "mechanisms").glob("*/mechanism.yaml")
)


def write_variant(folder: Path, target: Path, *, id: str, cases: str = "") -> Path:
    """Write the pack once more, as another mechanism for certain cases."""
    for path in folder.rglob("*"):
        if path.is_file():
            copy = target / path.relative_to(folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    file = target / "mechanism.yaml"
    text = file.read_text()
    old = next(line for line in text.splitlines() if line.startswith("id: "))
    file.write_text(text.replace(old, f"id: {id}\n{cases}".rstrip(), 1))
    return target


@kept
def for_children(
    mechanism: Version, folder: Path, coordinator: User, house: Team, tmp_path_factory
) -> Version:
    """The same pathway once more, for children alone, beside the first."""
    target = tmp_path_factory.mktemp("children")
    pack = write_variant(
        folder, target, id="children", cases="cases: {age_groups: [child]}"
    )
    version = mechanisms.adopt_shipped(pack, by=coordinator)
    mechanisms.give_part(version.mechanism, "responder", house, by=coordinator)
    return version


def run_of(case: Case) -> PathwayRun:
    return PathwayRun.objects.select_related("version").get(case=case)


@pytest.mark.django_db
def test_each_shipped_pack_runs_its_own_cases_beside_the_others() -> None:
    coordinator = given.make_worker(role=Role.COORDINATOR)
    versions = [mechanisms.adopt_shipped(folder, by=coordinator) for folder in SHIPPED]
    assert list_versions_in_force() == versions

    for version in versions:
        team = given.make_team()
        role = next(iter(version.pack.roles))
        mechanisms.give_part(version.mechanism, role, team, by=coordinator)
        case = given.make_case(team=team, identity_age=30)

        assert case.mechanism_id == version.mechanism_id
        assert run_of(case).version == version


def test_the_most_particular_that_admits_a_case_has_it(
    mechanism: Version, for_children: Version, worker: User
) -> None:
    child = given.make_case(worked_on_by=worker, identity_age=12)
    adult = given.make_case(worked_on_by=worker, identity_age=30)

    assert run_of(child).version == for_children
    assert run_of(adult).version == mechanism


def test_a_team_that_takes_part_in_none_of_several_follows_none(
    mechanism: Version, for_children: Version
) -> None:
    case = given.make_case(identity_age=30)

    assert case.mechanism_id is None
    assert not PathwayRun.objects.filter(case=case).exists()


def test_a_case_goes_on_at_the_same_step_of_another_mechanism(
    mechanism: Version, for_children: Version, worker: User
) -> None:
    case = given.make_case(worked_on_by=worker, identity_age=30)
    before = list(run_of(case).dues.values_list("key", flat=True))

    cases.change_mechanism(case, for_children, by=worker)

    assert find_version_of(case.mechanism_id) == for_children
    assert run_of(case).version == for_children
    assert list(run_of(case).dues.values_list("key", flat=True)) == before
    with pytest.raises(Changed, match="already follows"):
        cases.change_mechanism(case, for_children, by=worker)


def test_what_has_no_place_there_goes_on_as_before_and_is_told(
    mechanism: Version, coordinator: User, house: Team, worker: User
) -> None:
    other = mechanisms.adopt_shipped(SHIPPED[0], by=coordinator)
    role = next(iter(other.pack.roles))
    case = given.make_case(worked_on_by=worker, identity_age=30)
    with pytest.raises(Refused, match="takes no part"):
        cases.change_mechanism(case, other, by=worker)
    mechanisms.give_part(other.mechanism, role, house, by=coordinator)
    left = PathwayRun.objects.get(case=case)
    due = list(left.dues.values_list("key", flat=True))

    cases.change_mechanism(case, other, by=worker)

    run = run_of(case)
    placed = set(due) <= set(other.pack.pathway.steps)
    assert run.version == (other if placed else mechanism)
    assert UnmovedRun.objects.filter(course=run).exists() is not placed


def test_a_colleague_changes_it_on_its_page(
    mechanism: Version, for_children: Version, worker: User
) -> None:
    case = given.make_case(worked_on_by=worker, identity_age=30)
    browser = given.sign_in(worker)
    page = reverse("pathways:change_mechanism", args=[case.pk])
    course = reverse("pathways:course", args=[run_of(case).pk])
    assert page in browser.get(course).content.decode()

    answer = browser.post(page, {"version": for_children.pk} | make_form_key())

    assert answer.status_code == 302
    assert run_of(case).version == for_children
    case.refresh_from_db()
    assert case.mechanism == for_children.mechanism


def test_a_later_version_moves_the_cases_of_its_own_mechanism(
    mechanism: Version, for_children: Version, worker: User, coordinator: User
) -> None:
    child = given.make_case(worked_on_by=worker, identity_age=12)
    adult = given.make_case(worked_on_by=worker, identity_age=30)
    new = next_version(mechanism, coordinator, longer)

    mechanisms.put_in_force(new, by=coordinator)

    assert (run_of(child).version, run_of(adult).version) == (for_children, new)
    assert list_versions_in_force() == [new, for_children]


@kept
def other_steps(
    mechanism: Version, folder: Path, coordinator: User, house: Team, tmp_path_factory
) -> Version:
    """One whose first step has another code: no case that is at it has a place."""
    target = tmp_path_factory.mktemp("other")
    write_variant(folder, target, id="other", cases="cases: {age_groups: [child]}")
    for path in [*target.rglob("*.yaml"), *target.rglob("*.md")]:
        path.write_text(re.sub(r"\bmeet\b", "encounter", path.read_text()))
    version = mechanisms.adopt_shipped(target, by=coordinator)
    mechanisms.give_part(version.mechanism, "responder", house, by=coordinator)
    return version


def test_what_has_no_place_is_placed_by_a_coordinator(
    mechanism: Version, other_steps: Version, coordinator: User, worker: User
) -> None:
    other = other_steps
    case = given.make_case(worked_on_by=worker, identity_age=30)
    cases.change_mechanism(case, other, by=worker)
    run = run_of(case)
    assert run.version == mechanism
    browser = given.sign_in(coordinator)
    overview = version_moves.build_overview_address(other)
    place = reverse("pathways:place", args=[run.pk])
    assert place in browser.get(overview).content.decode()

    form = browser.get(place).context["form"]
    start = other.pack.pathway.start
    said = dict.fromkeys(form.fields, start) | make_form_key()
    answer = browser.post(place, said)

    assert (answer.status_code, run_of(case).version) == (302, other)
    assert not UnmovedRun.objects.filter(course=run).exists()


def test_a_case_goes_by_the_versions_of_what_it_follows(
    mechanism: Version, other_steps: Version, coordinator: User, worker: User
) -> None:
    """Set aside for another mechanism, it isn't moved to a new version of the first."""
    other = other_steps
    case = given.make_case(worked_on_by=worker, identity_age=30)
    cases.change_mechanism(case, other, by=worker)

    new = next_version(mechanism, coordinator, longer)
    mechanisms.put_in_force(new, by=coordinator)
    version_moves.move_batch(new)

    assert run_of(case).version == mechanism
    assert UnmovedRun.objects.get(course__case=case).version == other
    cases.change_mechanism(case, new, by=worker)
    assert not UnmovedRun.objects.filter(course__case=case).exists()
