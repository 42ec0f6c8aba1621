"""Facts of people wait sealed, and are written when nobody is told from ten others."""

import datetime
from uuid import uuid4

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection

from amana import given
from amana.insight.facts import actions, batch, codes, waiting
from amana.insight.facts.kinds import KINDS
from amana.insight.facts.models import Observation, PendingObservation

pytestmark = pytest.mark.django_db

TODAY = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)
LAST_MONTH = datetime.date(2026, 10, 3)


@pytest.fixture(autouse=True)
def _november():
    with time_machine.travel(TODAY):
        yield


def tell(people=11, kind="screening", **said):
    usual = {"result": "presumed", "sex": "female", "urgency": "U1"} | said
    return [
        actions.record_pending_observation(kind, person=uuid4(), **usual)
        for _ in range(people)
    ]


def test_until_the_batch_a_fact_is_not_there_for_anybody():
    tell(11)

    assert not Observation.objects.exists()
    assert PendingObservation.objects.count() == 11
    assert len({len(bytes(w.sealed)) for w in PendingObservation.objects.all()}) == 1


def test_eleven_people_who_look_alike_are_written_whole():
    ids = tell(11)

    night = batch.write_batch()

    assert (night.written, night.waiting, night.lost) == (11, 0, 0)
    assert set(Observation.objects.values_list("pk", flat=True)) == set(ids)
    assert set(Observation.objects.values_list("sex", "urgency")) == {("female", "U1")}
    assert not PendingObservation.objects.exists()


def test_ten_people_wait_on_under_a_fresh_key_and_new_ids():
    tell(10)
    before = {w.pk: bytes(w.sealed) for w in PendingObservation.objects.all()}

    assert batch.write_batch().written == 0

    after = list(PendingObservation.objects.all())
    assert len(after) == 10
    assert not {w.pk for w in after} & before.keys()
    with waiting.get_box().emptied() as emptied:
        assert all(emptied.opened(sealed) is None for sealed in before.values())
        assert all(emptied.opened(bytes(w.sealed)) for w in after)


def test_one_person_eleven_times_is_no_crowd():
    person = uuid4()
    for _ in range(11):
        actions.record_pending_observation(
            "screening", person=person, result="presumed", sex="male"
        )

    assert batch.write_batch().written == 0


def test_who_differs_in_the_clear_from_all_others_waits_until_the_month_is_over():
    tell(11)
    tell(1, urgency="U3", agency="lake-house")

    assert batch.write_batch().written == 11
    assert PendingObservation.objects.count() == 1


def test_of_a_month_that_is_over_a_fact_loses_where_it_was_and_keeps_who_it_was_of():
    tell(6, month=LAST_MONTH, urgency="U1", agency="lake-house")
    tell(6, month=LAST_MONTH, urgency="U2", agency="port-clinic")

    assert batch.write_batch().written == 12

    assert set(Observation.objects.values_list("sex", "urgency", "agency")) == {
        ("female", "", "")
    }


def test_who_still_looks_like_nobody_else_is_written_without_saying_who():
    usual = {"kind": "consent", "month": LAST_MONTH}
    tell(11, **usual, result="consent")
    tell(2, **usual, result="none", agency="lake-house")

    assert batch.write_batch().written == 13

    rare = Observation.objects.filter(result="none")
    assert set(rare.values_list("sex", "agency", "urgency")) == {
        ("", "lake-house", "U1")
    }


def test_a_result_that_only_sealed_words_say_does_not_say_where_if_it_is_alone():
    tell(11, month=LAST_MONTH)
    here = {"agency": "lake-house", "sector": "legal", "area": "XM"}
    tell(1, month=LAST_MONTH, result="undecided", **here)
    tell(1, result="undecided", sex="", **here)

    assert batch.write_batch().written == 12

    rare = Observation.objects.filter(result="undecided")
    assert list(rare.values_list("sex", "agency", "sector", "area", "urgency")) == [
        ("", "", "", "", "U1")
    ]


def test_a_correction_takes_the_place_of_what_still_waits():
    first, *_others = tell(11)
    tell(1, result="not_presumed", corrects=first)
    tell(1)

    batch.write_batch()

    assert not Observation.objects.filter(pk=first).exists()
    assert (Observation.objects.count(), PendingObservation.objects.count()) == (11, 1)


def test_a_correction_is_no_second_person_where_too_few_wait():
    (first,) = tell(1)
    tell(1, result="not_presumed", corrects=first)

    assert batch.write_batch().waiting == 1
    assert PendingObservation.objects.count() == 1

    tell(10, result="not_presumed")
    batch.write_batch()
    assert set(Observation.objects.values_list("result", flat=True)) == {"not_presumed"}


def test_a_late_correction_is_a_new_fact_and_waits_for_ten_others():
    ids = tell(11)
    batch.write_batch()
    for pk in ids[:10]:
        actions.record_pending_observation(
            "screening", person=uuid4(), result="undecided", corrects=pk
        )
    assert batch.write_batch().written == 0

    actions.record_pending_observation(
        "screening", person=uuid4(), result="undecided", corrects=ids[10]
    )
    assert batch.write_batch().written == 11

    assert Observation.objects.count() == 22
    assert set(Observation.objects.in_force().values_list("result", flat=True)) == {
        "undecided"
    }


def test_a_lost_key_file_is_told_and_stops_nothing(capsys, settings):
    tell(3)
    settings.FACTS_KEY_FILE = settings.FACTS_KEY_FILE.with_name("another.key")
    tell(11)

    call_command("write_facts")

    said = capsys.readouterr()
    assert "11 observations written" in said.out
    assert "3 observations can’t be opened" in said.err
    assert PendingObservation.objects.count() == 3

    call_command("write_facts", "--give-up-lost")
    assert "3 observations given up" in capsys.readouterr().out
    assert not PendingObservation.objects.exists()


def test_a_server_that_lacks_the_key_is_told_of_it_and_makes_none(settings):
    tell(3)
    assert waiting.check_other_server_key() is None

    settings.FACTS_KEY_FILE = settings.FACTS_KEY_FILE.with_name("not-copied.key")

    finding = waiting.check_other_server_key()
    assert finding is not None
    assert "FACTS_KEY_FILE" in finding.what
    assert not settings.FACTS_KEY_FILE.exists()


def test_an_area_that_the_country_no_longer_has_is_unknown_and_stops_nothing():
    given.make_area(code="XM01", above=given.make_area(code="XM"))
    tell(11, area="XM01")
    tell(11, area="XM77")

    batch.write_batch()

    assert set(Observation.objects.values_list("area", flat=True)) == {"XM01", ""}


@pytest.mark.parametrize(
    "wrong",
    [
        {"result": "met"},
        {"sex": "Mariam"},
        {"agency": "Mariam N."},
        {"topic": "SH1"},
        {"number": 4},
        {"band": "4"},
    ],
)
def test_no_word_can_be_sealed_in_a_fact(wrong):
    with pytest.raises(ValueError, match="not of screening"):
        actions.record_pending_observation("screening", person=uuid4(), **wrong)


def test_the_longest_fact_fits_under_its_seal():
    longest = {
        name: max(words.values, key=len) for name, words in codes.DIMENSIONS.items()
    }
    kind = KINDS["acceptance"]
    pk = actions.record_pending_observation(
        "acceptance",
        person=uuid4(),
        result=max(kind.results, key=len),
        reason=max(kind.reasons, key=len),
        topic=max(kind.topics, key=len),
        agency="x" * 60,
        area="x" * 20,
        corrects=uuid4(),
        **longest,
    )

    assert pk
    assert PendingObservation.objects.count() == 1


def test_waiting_rows_lie_in_no_order_of_their_own():
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL’s order is undone by writing them anew each night")
    tell(2)
    with connection.cursor() as cursor, pytest.raises(Exception, match="rowid"):
        cursor.execute("SELECT rowid FROM facts_pendingobservation")
