"""The pages: light and without a trace for who speaks; for staff by their rules
(P24)."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.insight.facts.models import PendingObservation
from amana.insight.feedback import actions, flood
from amana.insight.feedback.models import (
    Complaint,
    ComplaintKind,
    DeskDuty,
    Slip,
    WaitingVoice,
)
from amana.insight.feedback.tests.saying import find, mix, say
from amana.insight.feedback.themes import Theme
from amana.trust.access.models import Role, ShortLivedValue
from amana.ui.once import make_form_key
from tests.worlds import kept

TOO_HEAVY = 60_000


def to(name, *args):
    return reverse(f"feedback:{name}", args=args)


def text(page):
    return page.content.decode()


@pytest.fixture
def visitor() -> Client:
    return Client()


@pytest.fixture
def shared(settings, db) -> None:
    """What all workers remember together, as where it is installed."""
    backend = "amana.trust.access.limits.SharedMemory"
    settings.CACHES = {"default": {"BACKEND": backend}}


def hidden(page):
    """What the form of a page carries on."""
    found = re.findall(
        r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', text(page)
    )
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def walk(visitor, code, *, language="ar"):
    """From the first page to the last, answering one question on the way."""
    page = visitor.get(to("slip", code), {"in": language})
    page = visitor.post(to("go"), hidden(page) | {"age": "adult"})
    page = visitor.post(to("go"), hidden(page) | {"q-safe": "no", "go": "next"})
    return visitor.post(to("go"), hidden(page) | {"go": "end"})


# --- those who speak


def test_somebody_answers_and_leaves_no_trace_in_the_browser(visitor, codes):
    page = walk(visitor, codes[0])
    assert 'dir="rtl"' in text(page)
    assert hidden(page)["q-safe"] == "no"

    words = "الباب لا يُقفل"
    sent = visitor.post(to("send"), hidden(page) | {"words": words})
    assert sent.url == f"{to('thanks')}?in=ar"
    assert set(visitor.cookies) <= {"csrftoken"}
    assert PendingObservation.objects.count() == 1
    assert WaitingVoice.objects.count() == 1
    thanks = visitor.get(sent.url)
    assert 'lang="ar"' in text(thanks)
    assert thanks.headers["Cache-Control"] == "no-store"

    again = visitor.post(to("send"), hidden(page) | {"words": words})
    assert again.status_code == 409
    assert WaitingVoice.objects.count() == 1


def test_each_public_page_is_light_neutral_and_without_a_script_of_its_own(
    visitor, codes, desk
):
    pages = [
        visitor.get(to(name))
        for name in ("start", "thanks", "changes", "council", "complain", "state")
    ]
    pages.append(walk(visitor, codes[0], language="en"))
    first = visitor.get(to("slip", codes[0]))
    pages.append(visitor.post(to("go"), hidden(first) | {"age": "adult"}))
    for page in pages:
        html = text(page)
        files = re.findall(r'(?:href|src)="/static/([^"]+)"', html)
        size = sum(Path(str(finders.find(file))).stat().st_size for file in files)
        assert size + len(page.content) < TOO_HEAVY
        assert "<title>Information</title>" in html
        assert "Amana" not in re.sub(r'value="[^"]*"', "", html)
        assert "quick-exit" in html
        assert [file for file in files if file.endswith(".js")] == ["ui/quick_exit.js"]


def test_one_can_go_back_change_the_language_and_lose_nothing(visitor, codes):
    page = walk(visitor, codes[0], language="en")
    said = hidden(page) | {"words": "Too loud"}
    page = visitor.post(to("go"), said | {"go": "back"})
    assert hidden(page)["words"] == "Too loud"
    page = visitor.post(to("go"), hidden(page) | {"in": "fr"})
    assert 'lang="fr"' in text(page)
    assert hidden(page)["q-safe"] == "no"
    step = int(hidden(page)["step"])
    page = visitor.post(to("go"), hidden(page) | {"go": "next"})
    assert int(hidden(page)["step"]) == step + 1
    assert "Too loud" in text(page)


def test_the_button_of_a_language_counts_and_not_what_the_form_carries(visitor, codes):
    page = text(visitor.post(to("complain"), {"in": ["fr", "ar"], "words": "Loud"}))
    assert '<html lang="fr"' in page
    assert page.index('<button type="submit" form="say"') < page.index(
        '<input type="hidden" name="in"'
    )


def test_whoever_is_younger_is_led_to_a_grown_up_and_nothing_is_kept(visitor, codes):
    first = visitor.get(to("slip", codes[0]))
    page = visitor.post(to("go"), hidden(first) | {"age": "young"})
    assert "together with an adult you trust" in text(page)
    assert "<form" not in text(page)
    assert Slip.objects.count() == len(codes)


def test_a_wrong_code_says_so_where_it_was_typed(visitor, codes, monkeypatch):
    page = visitor.post(to("go"), {"slip": "ABCD", "age": "adult", "go": "next"})
    assert page.status_code == 422
    assert "This code is not right" in text(page)
    monkeypatch.setitem(flood.MOST, "code", 1)
    page = visitor.post(to("go"), {"slip": "ABCD", "age": "adult", "go": "next"})
    assert page.status_code == 409


def test_a_device_begins_anew_after_each_person(visitor, house, worker, desk):
    kiosk, code = actions.open_kiosk(house, by=worker)
    page = visitor.get(to("kiosk", code))
    page = visitor.post(to("go"), hidden(page) | {"age": "adult"} | make_form_key())
    assert page.headers["Refresh"] == f"300; url={to('kiosk', code)}"
    said = hidden(page) | {"q-safe": "yes"} | make_form_key()
    sent = visitor.post(to("send"), said)
    visitor.post(to("send"), said)  # pressed twice
    assert PendingObservation.objects.count() == 1
    assert visitor.get(sent.url).headers["Refresh"] == f"20; url={to('kiosk', code)}"

    actions.end_kiosk(kiosk, by=worker)
    assert visitor.get(to("kiosk", code)).status_code == 404


def test_a_complaint_is_taken_once_and_its_answer_read_by_the_code(
    visitor, house, desk, reader
):
    assert "Dar Amal" in text(visitor.get(to("complain")))
    said = {
        "kind": "secret",
        "about": house.pk,
        "words": "He told others.",
    } | make_form_key()
    changed = visitor.post(to("complain"), said | {"in": "fr"})
    assert "He told others." in text(changed)
    assert not Complaint.objects.exists()

    kept_page = visitor.post(to("complain"), said | {"send": "1"})
    [code] = re.findall(r'class="code"><bdi dir="ltr">([\w-]+)<', text(kept_page))
    visitor.post(to("complain"), said | {"send": "1"})
    complaint = Complaint.objects.get()

    staff = given.sign_in(reader)
    assert complaint.number in text(staff.get(to("complaints")))
    page = staff.get(to("complaint", complaint.pk))
    assert "He told others." in text(page)
    staff.post(to("see", complaint.pk), make_form_key())
    answer = {"words": "He may not do so any more.", "outcome": "right"}
    staff.post(to("complaint", complaint.pk), answer | make_form_key())

    found = text(visitor.post(to("state"), {"slip": code}))
    assert "He may not do so any more." in found
    assert "He told others." not in found
    assert visitor.post(to("state"), {"slip": "AAAA"}).status_code == 422


def test_what_came_too_fast_may_come_again(
    visitor, shared, house, worker, desk, monkeypatch
):
    _kiosk, code = actions.open_kiosk(house, by=worker)
    said = {"house": code, "q-safe": "yes"} | make_form_key()
    with monkeypatch.context() as full:
        full.setitem(flood.MOST, "kiosk", 0)
        assert visitor.post(to("send"), said).status_code == 409
    visitor.post(to("send"), said)
    assert PendingObservation.objects.count() == 1


def test_a_complaint_that_failed_may_come_again(shared, house, desk, monkeypatch):
    visitor = Client(raise_request_exception=False)
    said = {"kind": "secret", "words": "He told others.", "send": "1"} | make_form_key()
    with monkeypatch.context() as broken:
        broken.delattr("amana.insight.feedback.sealing.seal_letter")
        assert visitor.post(to("complain"), said).status_code == 500
    assert 'class="code"' in text(visitor.post(to("complain"), said))
    assert Complaint.objects.count() == 1


def test_every_worker_knows_a_form_that_came_and_nothing_about_it(
    visitor, shared, house, desk
):
    key = make_form_key()
    said = {"kind": "secret", "words": "He told others.", "send": "1"} | key
    visitor.post(to("complain"), said)
    flood.GATE.forget()  # another worker has another memory
    assert 'class="code"' not in text(visitor.post(to("complain"), said))
    assert Complaint.objects.count() == 1

    [row] = ShortLivedValue.objects.exclude(key__contains="allauth")
    assert key["_once"].replace("-", "") not in row.key
    assert key["_once"] not in row.key
    until = timezone.localtime(row.until)
    assert (until.hour, until.minute, until.second) == (0, 0, 0)
    assert until - timezone.now() < timedelta(hours=26)


def test_where_nobody_reads_words_none_are_asked_for(
    visitor, codes, desk, coordinator, stranger
):
    actions.dismiss_desk(desk, by=coordinator)
    page = walk(visitor, codes[0], language="en")
    assert 'name="words"' not in text(page)
    assert f'action="{to("send")}"' in text(page)
    visitor.post(to("send"), hidden(page) | {"q-safe": "no"})
    assert PendingObservation.objects.count() == 1

    staff = given.sign_in(stranger)
    page = staff.post(to("spoken"), {"slip": codes[1]} | make_form_key())
    assert 'name="words"' not in text(page)


def test_a_complaint_about_the_only_body_does_not_go_to_it(visitor, desk, post):
    page = text(visitor.get(to("complain")))
    assert "If you do not name one, <bdi>Listening Post</bdi> reads it" in page
    said = {"kind": "secret", "about": post.organisation_id, "words": "They told."}
    refused = visitor.post(to("complain"), said | {"send": "1"} | make_form_key())
    assert refused.status_code == 409
    assert "No one here can take this complaint" in text(refused)
    assert "if it is safe to call" in text(refused)
    assert "They told." in text(refused)
    assert not Complaint.objects.exists()


def test_without_a_body_nobody_writes_into_the_void(visitor, db):
    assert "No one takes complaints here yet" in text(visitor.get(to("complain")))


# --- those who listen


@kept
def heard_of(codes, reader):
    say(codes[:11])
    mix()
    find(Theme.SAFETY, by=reader)
    return Theme.SAFETY


def test_a_coordinator_publishes_what_was_changed(visitor, heard_of, coordinator):
    staff = given.sign_in(coordinator)
    assert "11 or more" in text(staff.get(to("desk")))
    said = {
        "theme": heard_of.value,
        "said_en": "Rooms have no lock.",
        "did_en": "Each door has one now.",
        "said_ar": "الغرف بلا أقفال.",
        "did_ar": "لكل باب قفل الآن.",
    }
    staff.post(to("made"), said | make_form_key())
    assert "Each door has one now." in text(visitor.get(to("changes"), {"in": "fr"}))
    assert "لكل باب قفل الآن." in text(visitor.get(to("changes"), {"in": "ar"}))


def test_a_reader_goes_from_one_to_the_next(codes, reader):
    say(codes[:2], "No lock.")
    mix()
    staff = given.sign_in(reader)
    for _one in range(2):
        page = text(staff.get(to("read")))
        assert "No lock." in page
        [url] = re.findall(rf'action="({to("read")}[\w-]+/)"', page)
        assert staff.post(url, make_form_key()).status_code == 422
        staff.post(url, {"themes": ["safety", "house"]} | make_form_key())
    assert "Nothing left to read" in text(staff.get(to("read")))


def test_slips_are_shown_once_with_their_square(worker, house, desk):
    staff = given.sign_in(worker)
    said = {"organisation": house.pk, "moment": "m3", "sheets": 1}
    page = text(staff.post(to("slips"), said | make_form_key()))
    assert page.count('class="slip"') == 12
    assert Slip.objects.count() == 12
    other = given.make_organisation()
    said["organisation"] = other.pk
    assert staff.post(to("slips"), said | make_form_key()).status_code == 422


def test_somebody_of_elsewhere_writes_down_what_is_said(codes, worker, stranger):
    staff = given.sign_in(stranger)
    page = staff.post(to("spoken"), {"slip": codes[0]} | make_form_key())
    assert "About the help given by" in text(page)
    said = {"slip": codes[0], "q-safe": "yes", "words": "Good.", "send": "1"}
    assert "It has arrived" in text(staff.post(to("spoken"), said | make_form_key()))
    theirs = given.sign_in(worker)
    asked = theirs.post(to("spoken"), {"slip": codes[1]} | make_form_key())
    assert asked.status_code == 403


def test_a_device_is_set_up_and_ended(worker, house, desk):
    staff = given.sign_in(worker)
    page = text(staff.post(to("kiosks"), {"organisation": house.pk} | make_form_key()))
    assert "/say/house/" in page
    [url] = re.findall(rf'action="({to("kiosks")}[\w-]+/end)"', page)
    staff.post(url, make_form_key())
    assert "No devices yet" in text(staff.get(to("kiosks")))


def test_a_coordinator_appoints_who_reads(coordinator, post, reader):
    staff = given.sign_in(coordinator)
    staff.post(
        to("desks"), {"team": post.pk, "duty": DeskDuty.FEEDBACK} | make_form_key()
    )
    page = text(staff.get(to("desks")))
    [url] = re.findall(rf'action="({to("desks")}\d+/end)"', page)
    staff.post(url, make_form_key())
    assert "No team reads feedback yet" in text(staff.get(to("desks")))


def test_strangers_find_nothing(db, desk, house, reader):
    actions.take_complaint(ComplaintKind.OTHER, "Something.", about=house)
    nobody = given.sign_in(given.make_user())
    complaint = Complaint.objects.get()
    for url in (
        *(to(n) for n in ("read", "made", "complaints", "slips", "kiosks", "desks")),
        *(to("spoken"), to("advice"), to("complaint", complaint.pk)),
    ):
        assert nobody.get(url).status_code == 404, url
    trainer = given.sign_in(given.make_worker(role=Role.TRAINER))
    assert "Frequent themes" not in text(trainer.get(to("desk")))


def test_lists_ask_the_same_for_one_row_and_for_many(
    coordinator, reader, heard_of, house, django_assert_max_num_queries
):
    for _again in range(12):
        actions.take_complaint(ComplaintKind.OTHER, "Something.", about=house)
    Complaint.objects.update(answer_by="2026-01-01")
    for user, name in ((coordinator, "desk"), (reader, "complaints")):
        staff = given.sign_in(user)
        staff.get(to(name))
        with django_assert_max_num_queries(30):
            staff.get(to(name))


def test_a_line_that_cannot_be_dialled_is_shown_without_a_link(
    visitor, settings, tmp_path, db
):
    lines = tmp_path / "lines.toml"
    lines.write_text(
        '[[line]]\nname = "Help"\nnumber = "110 / 113"\n'
        '[[line]]\nname = "For children"\nnumber = "+999 555 0100"\n'
    )
    settings.HELPLINES_FILE = str(lines)
    page = text(visitor.get(to("complain")))
    assert "110 / 113" in page
    assert set(re.findall('href="(tel:.*?)"', page)) == {"tel:+9995550100"}
