"""Who reads, who sees a theme, and from how many people on."""

import pytest
from django.utils import timezone

from amana import given
from amana.errors import Refused
from amana.insight.feedback import actions, heard, rules
from amana.insight.feedback.models import (
    Change,
    DeskDuty,
    Kiosk,
    Voice,
    VoiceTheme,
    WaitingVoice,
)
from amana.insight.feedback.questions import SlipMoment
from amana.insight.feedback.tests.saying import find, mix, say
from amana.insight.feedback.themes import Theme
from amana.insight.measure import actions as measure
from amana.insight.measure.models import CountryNumber
from amana.trust.access.models import Role
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from amana.trust.vault import epochs, leaving
from amana.trust.vault.keys import Locked
from tests.worlds import kept


@kept
def voice(codes):
    say(codes[:1], "The door of my room does not lock.")
    mix()
    return Voice.objects.get()


def test_nobody_but_readers_opens_what_people_write(
    voice, reader, worker, coordinator, stranger
):
    auditor = given.make_worker(role=Role.AUDITOR)
    inside = given.make_worker(of=reader.memberships.get().team, role=Role.ANALYST)
    for nobody in (worker, coordinator, stranger, auditor, inside):
        assert not rules.read_voice.permits(nobody, voice)
        assert actions.open_voices([voice], by=nobody) == {}
        with pytest.raises(Denied):
            actions.mark_themes(voice, [Theme.SAFETY], by=nobody)

    assert rules.read_voice.permits(reader, voice)
    [words] = actions.open_voices([voice], by=reader).values()
    assert words == "The door of my room does not lock."
    assert AuditEvent.objects.filter(did="read feedback", actor=reader.actor_id)


def test_a_reader_who_also_works_in_the_house_reads_nothing_of_it(
    voice, reader, worker
):
    given.join_team(reader, worker.memberships.get().team)
    assert not rules.read_voice.permits(reader, voice)
    assert actions.open_voices([voice], by=reader) == {}


def test_without_anybody_independent_no_words_are_taken(reader, desk, post):
    """A desk never reads of its own organisation; the answers still count."""
    [code, *_rest] = actions.print_slips(post.organisation, SlipMoment.HELP, by=reader)
    with pytest.raises(Refused, match="own words"):
        actions.answer_with_slip(code, {"safe": "yes"}, "They laugh about us.")
    actions.answer_with_slip(code, {"safe": "yes"})
    assert not WaitingVoice.objects.exists()
    assert not heard.count_people()


@pytest.mark.parametrize("people", [10, 11])
def test_a_theme_is_told_when_eleven_people_spoke_of_it(codes, reader, people):
    say(codes[:people])
    mix()
    find(Theme.SAFETY, by=reader)

    told = {Theme.SAFETY: 11} if people == 11 else {}
    assert heard.list_themes() == told
    assert [str(entry.about) for entry in heard.list_by_organisation()] == (
        ["Dar Amal"] if told else []
    )


def test_a_mechanism_may_ask_for_more_people_and_never_for_fewer(
    codes, reader, coordinator
):
    say(codes)
    mix()
    find(Theme.SAFETY, by=reader)
    assert heard.list_themes() == {Theme.SAFETY: 11}
    least, year = CountryNumber.What.SMALLEST, timezone.localdate().year
    measure.record_country_number(
        least, year=year, number=13, source="Law", by=coordinator
    )
    assert heard.list_themes() == {}


def test_a_device_counts_as_one_person_in_a_month(codes, house, worker, reader):
    kiosk, _code = actions.open_kiosk(house, by=worker)
    for _again in range(15):
        actions.answer_at_kiosk(kiosk, {"safe": "no"}, "No lock.")
    say(codes[:9])
    mix()
    find(Theme.SAFETY, by=reader)
    assert heard.count_people()[Theme.SAFETY, None] == 10
    assert heard.list_themes() == {}

    actions.end_kiosk(Kiosk.objects.get(), by=worker)
    assert not Kiosk.objects.standing().exists()


def test_what_was_changed_is_published_only_for_what_many_said(
    codes, reader, coordinator, worker
):
    said, did = {"en": "Rooms have no lock."}, {"en": "Each door has a lock now."}

    def publish(by, **other):
        words = {"said": said, "did": did} | other
        return actions.announce_change(Theme.SAFETY, by=by, **words)

    with pytest.raises(Refused, match="Not enough people"):
        publish(coordinator)
    say(codes[:11])
    mix()
    find(Theme.SAFETY, by=reader)
    with pytest.raises(Denied):
        publish(worker)
    with pytest.raises(Refused, match="both parts"):
        publish(coordinator, did={"fr": "Chaque porte ferme."})

    change = publish(coordinator)
    assert list(Change.objects.shown()) == [change]
    actions.withdraw_change(change, by=coordinator)
    assert not Change.objects.shown().exists()


def test_when_a_reader_leaves_words_are_sealed_anew(voice, reader, post):
    other = given.make_worker(of=post, role=Role.FOCAL_POINT)
    reader.memberships.update(ended_at=timezone.now())
    epoch = epochs.begin_epoch(post, by=other)
    leaving.rewrap_some(epoch, by=other)

    voice.refresh_from_db()
    assert voice.team_key == epoch
    assert list(actions.open_voices([voice], by=other).values()) == [
        "The door of my room does not lock."
    ]
    assert actions.open_voices([voice], by=reader) == {}


def test_a_team_is_not_dismissed_while_it_has_to_read(voice, desk, reader, coordinator):
    with pytest.raises(Refused, match="not finished reading"):
        actions.dismiss_desk(desk, by=coordinator)
    actions.mark_themes(voice, [Theme.SAFETY], by=reader)
    with pytest.raises(Refused, match="at least one theme"):
        actions.mark_themes(voice, [], by=reader)
    actions.dismiss_desk(desk, by=coordinator)
    assert VoiceTheme.objects.count() == 1
    with pytest.raises(Refused, match="no key"):
        actions.appoint_team(given.make_team(), DeskDuty.FEEDBACK, by=coordinator)
    with pytest.raises((Denied, Locked)):
        actions.appoint_team(desk.team, DeskDuty.FEEDBACK, by=reader)
