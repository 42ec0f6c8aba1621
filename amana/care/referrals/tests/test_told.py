"""What a recipient can read is what the person heard: no more, and no less (P04, P07).

The text is taken apart again into what it names, by its own files. What can be read is
taken from what the recipient gets: the opened copy, the letters, the file to take along
and, for some, the pages as they are drawn."""

import json
from datetime import timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import given as examples

from amana import given
from amana.care.cases.actions import StatedNeed
from amana.care.cases.fields import FIELDS, RecordField
from amana.care.cases.models import Case
from amana.care.consent import actions as consents
from amana.care.consent import consent_questions, consent_text
from amana.care.consent.forms import ConsentForm
from amana.care.consent.models import Consent
from amana.care.referrals import actions, reaching, referral_messages
from amana.care.referrals.forms import HandoverForm
from amana.care.referrals.models import Referral
from amana.design.directory.models import Service
from amana.errors import Refused
from amana.trust.access.models import Role, Sphere, Team, User
from amana.trust.vault import disclosures
from tests.profiles import each_time
from tests.worlds import kept

NEEDS = {Sphere.HUMANITARIAN: "SH2", Sphere.HEALTH: "HE4", Sphere.LEGAL: "LG4"}
LANGUAGES = ("en", "fr", "ar")
NOTE, HANDOVER, CONDITION = "Note canary", "Handover canary", "Condition canary"
PHONE = "+999 555 0177"


def value_of(field: RecordField) -> Any:
    """Something that can be told from everything else where it is read."""
    if field.kind == "number":
        return 47
    if field.kind == "date":
        return "1979-04-23"
    if field.kind == "yes_no":
        return "no"
    if field.kind == "companions":
        return [{"age": "7", "sex": "female", "relation": "child"}]
    if field.choices:
        code = next(code for code, _label in reversed(list(field.choices())))
        return [code] if field.kind == "choices" else code
    return f"Canary of {field.key}"


VALUES = {key: value_of(field) for key, field in FIELDS.items()}


@kept
def worker(db: None) -> User:
    return given.make_worker(name="Mariam Toure")


@kept
def places(db: None) -> dict[Sphere, tuple[Service, User, Service]]:
    """Of each sphere one whose people use Amana, and one whose people don't."""
    found = {}
    for sphere, need in NEEDS.items():
        inside = given.make_team(of=given.make_organisation(sphere=sphere))
        reader = given.make_worker(of=inside, role=Role.FOCAL_POINT)
        without = given.make_team(of=given.make_organisation(sphere=sphere))
        publisher = given.make_worker(of=without, role=Role.COORDINATOR)
        there = given.make_service(of=inside, by=reader, types=[need])
        beyond = Service.objects.get(pk=there.pk)
        beyond.pk, beyond.team, beyond.organisation = (
            None,
            without,
            without.organisation,
        )
        beyond.name = f"Beyond {publisher.pk}"
        beyond.save()
        found[sphere] = (there, reader, beyond)
    return found


SAID = st.fixed_dictionaries(
    {
        "sphere": st.sampled_from(sorted(NEEDS)),
        "written": st.sets(st.sampled_from(sorted(FIELDS)), min_size=3),
        "ticked": st.sets(st.sampled_from(sorted(FIELDS))),
        "language": st.sampled_from(LANGUAGES),
        "phone": st.booleans(),
        "note": st.booleans(),
        "handover": st.booleans(),
        "conditions": st.booleans(),
        "outside": st.booleans(),
    }
)


def a_case(worker: User, said: dict[str, Any]) -> Case:
    record = {
        key.replace(".", "_", 1): VALUES[key]
        for key in sorted(said["written"] - {"needs.words"})
    }
    blank = {"identity_name": "", "contact_channel": ""}
    words = VALUES["needs.words"] if "needs.words" in said["written"] else ""
    need = NEEDS[said["sphere"]]
    case = given.make_case(
        worked_on_by=worker,
        needs=[StatedNeed(need, "U2", words)],
        **blank | record,
    )
    Team.objects.filter(pk=case.team_id).update(phone=PHONE if said["phone"] else "")
    return Case.objects.select_related("team__organisation").get(pk=case.pk)


def answered(
    case: Case, service: Service, worker: User, said: dict[str, Any]
) -> tuple[str, Referral] | None:
    """The text that stood on the page, and what was sent on her yes to it."""
    need = case.needs.get()
    asked = consent_questions.open_question(
        case,
        recipients=[service.team],
        purpose=Consent.Purpose.REFERRAL,
        need=need,
        by=worker,
    )
    ticked = [key for key in asked.offered if key in said["ticked"]] or asked.offered
    if not said["written"].intersection(ticked):
        return None  # of a part closed to the worker nothing is written: it is refused
    empty = ConsentForm(asked)
    child = asked.child
    posted: dict[str, Any] = {
        name: empty[name].value() for name in empty.fields if empty[name].value()
    } | {
        "share": ticked,
        "language": said["language"],
        "until": (timezone.localdate() + timedelta(days=30)).isoformat(),
        "understood": "on",
        "given_by": "child" if child else "person",
        "why_alone": "Law 7" if child else "",
        "conditions": CONDITION if said["conditions"] else "",
        "note": NOTE if said["note"] else "",
        "who": HANDOVER if said["handover"] else "",
    }
    posted["heard"] = ConsentForm(asked, posted).digest()
    form, along = ConsentForm(asked, posted), HandoverForm(posted)
    assert form.is_valid(), form.errors
    assert along.is_valid(), along.errors
    text = form.wording()
    consent = consents.give(
        case,
        recipient=service.team,
        purpose=Consent.Purpose.REFERRAL,
        need=need,
        by=worker,
        **form.said(),
    )
    kept_text = consents.open_answer(consent, by=worker, purpose="test")["text"]
    assert consent_text.ConsentText.again(kept_text) == text
    referral = actions.send(
        need,
        to=service,
        consent=consent,
        by=worker,
        note=along.cleaned_data["note"],
        handover=along.handover(),
    )
    return text.heard(), Referral.objects.for_page().get(pk=referral.pk)


def heard_in(text: str, language: str) -> list[str]:
    """What a text names, read back by the words of its file; fails on any other."""
    groups, joined = (
        consent_text.load_text(language)["lines"],
        consent_text.load_text(language)["joined"],
    )
    found: list[str] = []
    for line in text.splitlines():
        if not line.startswith("– "):
            continue
        (group,) = (group for group in groups if line[2:].startswith(group["label"]))
        rest = line[2:].removeprefix(group["label"])
        for key, words in group["say"].items():
            words = told_as(words, rest, language)
            if rest == words or rest.startswith(words + joined):
                found.append(key)
                rest = rest.removeprefix(words).removeprefix(joined)
        assert not rest, f"Nothing is sent that is called “{rest}”."
    return found


def told_as(words: str, rest: str, language: str) -> str:
    perhaps = words + consent_text.load_text(language)["perhaps"]
    return perhaps if rest.startswith(perhaps) else words


def gets(referral: Referral, reader: User) -> set[str]:
    """What comes to a recipient with a referral, from where it lies."""
    shared = referral_messages.get_disclosure(referral)
    contact = reaching.build_sender_contact(referral)
    keys = set(disclosures.open_disclosure(shared, by=reader, purpose="test"))
    keys |= {
        f"letter.{letter.kind}"
        for letter in referral_messages.open_letters(shared, by=reader)
    }
    keys |= {"referral.urgency", "referral.reference"}
    keys |= {"referral.dates", "sender.organisation", "sender.team"}
    keys |= {"sender.person"} if contact.people else set()
    return keys | ({"sender.phone"} if contact.phone else set())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_recipient_gets_exactly_what_was_read_aloud(
    language: str, worker: User, places: dict[Sphere, tuple[Service, User, Service]]
) -> None:
    @settings(
        max_examples=each_time(12),
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @examples(SAID)
    def for_any(said: dict[str, Any]) -> None:
        with transaction.atomic():
            compare(said | {"language": language})
            transaction.set_rollback(True)

    def compare(said: dict[str, Any]) -> None:
        inside, reader, beyond = places[said["sphere"]]
        case = a_case(worker, said)
        service = beyond if said["outside"] else inside
        found = answered(case, service, worker, said)
        if found is None:
            return
        text, referral = found
        heard = heard_in(text, language)
        assert len(heard) == len(set(heard))
        closed = {k for k in heard if k.startswith("health.")} - set(
            disclosures.open_disclosure(
                referral_messages.get_disclosure(referral), by=worker, purpose="test"
            )
        )
        told = gets(referral, worker if said["outside"] else reader)
        told |= {"consent.language"}  # in the file that goes along
        assert set(heard) - closed == told
        assert not closed or said["sphere"] == Sphere.HEALTH

    for_any()


@pytest.mark.parametrize("without_amana", [False, True])
def test_the_pages_and_the_file_show_what_was_read_aloud(
    worker: User,
    places: dict[Sphere, tuple[Service, User, Service]],
    without_amana: bool,
) -> None:
    """Each field and letter stands in words on the page; the file holds the same."""
    said: dict[str, Any] = {
        "sphere": Sphere.LEGAL,
        "written": {k for k in FIELDS if FIELDS[k].kind in ("line", "text", "date")},
        "ticked": set(FIELDS) - {"identity.origin", "narrative.account"},
        "language": "en",
        "phone": True,
        "note": True,
        "handover": True,
        "conditions": True,
        "outside": without_amana,
    }
    inside, reader, beyond = places[Sphere.LEGAL]
    found = answered(
        a_case(worker, said), beyond if without_amana else inside, worker, said
    )
    assert found is not None
    text, referral = found
    heard = set(heard_in(text, "en"))

    if without_amana:
        url = reverse("referrals:sheet", args=[referral.pk])
        page = given.sign_in(worker).get(url).content.decode()
    else:
        browser = given.sign_in(reader)
        url = reverse("referrals:referral", args=[referral.pk])
        page = browser.get(url).content.decode()
        url = reverse("htcds:referral", args=[referral.pk])
        page += json.dumps(
            given.confirm_export(browser, browser.get(url)).json(), ensure_ascii=False
        )

    shown = {key for key in said["written"] if str(VALUES[key]) in page}
    shown |= {
        f"letter.{name}"
        for name, words in (
            ("note", NOTE),
            ("handover", HANDOVER),
            ("conditions", CONDITION),
        )
        if words in page
    }
    assert shown == {k for k in heard if k in FIELDS or k.startswith("letter.")}
    assert not {"identity.origin", "narrative.account"} & shown
    for always in (referral.sender.name, referral.sender.organisation.name):
        assert always in page


def test_what_is_written_along_without_her_hearing_of_it_is_not_sent(
    worker: User, places: dict[Sphere, tuple[Service, User, Service]]
) -> None:
    service, _reader, _beyond = places[Sphere.HUMANITARIAN]
    case = given.make_case(worked_on_by=worker)
    need = case.needs.get()
    consent = given.make_consent(case, to=service.team, by=worker, along=[])

    with pytest.raises(Refused, match="was not informed that this is sent too"):
        actions.send(need, to=service, consent=consent, by=worker, note="She is ill")
    assert not Referral.objects.exists()


@pytest.mark.parametrize("kind", ["HE4", "MH4", "LG3"])
def test_a_hostel_is_sent_no_need_of_health_or_law_whatever_it_lists(
    kind: str, worker: User, places: dict[Sphere, tuple[Service, User, Service]]
) -> None:
    hostel, _reader, _beyond = places[Sphere.HUMANITARIAN]
    hostel.types = [kind]
    hostel.save()
    case = given.make_case(worked_on_by=worker, needs=[StatedNeed(kind, "U2", "Help")])
    [need] = given.open_needs(case, by=worker)

    assert "send it to a" in actions.describe_obstacle(hostel, need)
    for ask in (
        lambda: actions.require_takes_referrals(hostel, need),
        lambda: given.make_consent(case, to=hostel.team, need=need, by=worker),
    ):
        with pytest.raises(Refused, match="send it to a"):
            ask()
    page = reverse("referrals:ask", args=[need.pk, hostel.pk])
    assert given.sign_in(worker).get(page).status_code == 409
