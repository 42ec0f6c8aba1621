import io
import zipfile

import pytest
from django.conf import settings
from django.urls import reverse

from amana import given
from amana.academy.courses.content import load_content
from amana.academy.practice.labs import actions
from amana.academy.practice.labs.engine.table import EVERYONE
from amana.academy.practice.labs.models import Clinic, ClinicMessage, Lab
from amana.academy.practice.labs.tests.conftest import AGREED
from amana.academy.practice.labs.tests.played import agree, play, sign_all
from amana.design.mechanism.models import Version
from amana.ui.once import make_form_key


def text(page):
    return page.content.decode()


def post(browser, name, *args, **said):
    return browser.post(reverse(f"labs:{name}", args=args), said | make_form_key())


def table_of(browser, lab, **asked):
    return text(browser.get(reverse("labs:table", args=[lab.pk]), asked))


def test_a_table_from_its_opening_to_the_signed_text(cohort, learners, trainer):
    leads, mine = given.sign_in(trainer), given.sign_in(learners[0])
    other = given.sign_in(learners[1])
    assert "Old Harbour" in text(leads.get(reverse("labs:home")))
    post(leads, "open", cohort.pk, "old-harbour")
    lab = Lab.objects.get()
    post(mine, "seat", lab.pk, party="shelter")
    post(other, "seat", lab.pk, party="police")
    assert "Twelve beds" not in table_of(mine, lab)  # else one seat after the other
    post(leads, "go_on", lab.pk, to=1)
    page = table_of(mine, lab)
    assert "Twelve beds" in page
    assert "Your superiors" not in page  # the brief of the police
    for to in (2, 3):
        post(leads, "go_on", lab.pk, to=to)

    post(mine, "propose", lab.pk, "police", option="evidence", words="", why="Try")
    assert "does not allow you to accept this" in table_of(mine, lab)
    offered = lab.proposals.get()
    asks = other.get(reverse("labs:refuse", args=[lab.pk, offered.pk]))
    assert "Refuse these words" in text(asks)
    post(other, "refuse", lab.pk, offered.pk, why="Not without them.")
    assert "Not without them." in table_of(mine, lab)
    over = reverse("labs:propose", args=[lab.pk, "police"]) + f"?over={offered.pk}"
    assert "Write a counter-proposal" in text(other.get(over))
    said = {"option": "name", "words": "With a lawyer.", "why": ""}
    assert other.post(over, said | make_form_key()).status_code == 302
    assert "In place of words by Shelter" in table_of(mine, lab)
    post(mine, "accept", lab.pk, lab.proposals.latest("pk").pk)
    assert mine.get(reverse("labs:text", args=[lab.pk])).status_code == 409

    rest = {clause: option for clause, option in AGREED.items() if clause != "police"}
    agree(lab, {"shelter": learners[0], "police": learners[1]}, rest)
    page = mine.get(reverse("labs:table", args=[lab.pk]))
    assert "Download the mechanism" not in text(page)
    for browser in (mine, other):
        post(browser, "sign", lab.pk, text=page.context["shown"].fingerprint)
    page = table_of(mine, lab)
    assert "Signed by" in page
    assert "By eight in the morning a shelter has answered" in page
    packed = mine.get(reverse("labs:text", args=[lab.pk])).content
    archive = zipfile.ZipFile(io.BytesIO(packed))
    assert b"law_enforcement: [identity]" in archive.read("mechanism.yaml")
    assert b"With a lawyer." in archive.read("sop/en/26-old-harbour.md")
    assert text(leads.get(reverse("labs:close", args=[lab.pk])))
    post(leads, "close", lab.pk)
    page = table_of(mine, lab)
    assert "Your superiors" in page
    assert "What happened" in page
    assert "What each could have accepted" in page


def test_who_may_design_makes_a_draft_of_it(lab, seated, trainer, coordinator):
    play(lab, trainer, 3)
    agree(lab, seated)
    sign_all(lab, seated)
    assert "Create a draft" not in table_of(given.sign_in(seated["police"]), lab)
    browser = given.sign_in(given.unlock_user(coordinator))
    assert "Create a draft" in table_of(browser, lab)

    page = post(browser, "draft", lab.pk)
    (version,) = Version.objects.all()
    assert page.url == reverse("mechanism:version", args=[version.pk])
    assert "An agreement for Old Harbour" in text(browser.get(page.url))


@pytest.mark.parametrize("to", [1, 2, 3, 4, 5])
def test_only_a_round_of_offers_offers_to_propose(lab, seated, trainer, mediator, to):
    play(lab, trainer, 3)
    actions.propose(lab, "answer", option="hours12", by=seated["shelter"])
    Lab.objects.update(round=to)  # back and forth, to see each with a proposal
    offers = to in (3, 5)
    page = table_of(given.sign_in(seated["police"]), lab)
    for label in ("Make a proposal", ">Accept<", ">Refuse<", ">Counter<"):
        assert (label in page) is offers, label
    assert "What each could have accepted" not in page
    page = table_of(given.sign_in(mediator), lab)
    assert ("Make a proposal" in page) is offers
    assert ">Accept<" not in page


def test_a_message_is_written_in_its_channel_and_stays_there(
    lab, seated, trainer, mediator
):
    play(lab, trainer, 2)
    police, shelter = given.sign_in(seated["police"]), given.sign_in(seated["shelter"])
    page = post(police, "write", lab.pk, channel="police.shelter", text="Between us")
    assert page.url.endswith("?with=police.shelter#talk")
    assert "Between us" in table_of(police, lab, **{"with": "police.shelter"})
    assert "Latest message: Police" in table_of(shelter, lab)
    assert "Latest message" not in table_of(given.sign_in(seated["legal"]), lab)
    assert "Between us" in table_of(shelter, lab, **{"with": "police.shelter"})
    assert "Between us" not in table_of(shelter, lab)
    for outsider in (seated["legal"], mediator, trainer):
        browser = given.sign_in(outsider)
        page = table_of(browser, lab, **{"with": "police.shelter"})
        assert "Between us" not in page
    assert post(police, "write", lab.pk, channel=EVERYONE, text="").status_code == 409
    assert (
        post(police, "write", lab.pk, channel="legal.shelter", text="No").status_code
        == 409
    )


def test_an_open_page_gets_the_part_that_changed(lab, seated, trainer):
    play(lab, trainer, 3)
    police = given.sign_in(seated["police"])
    part = {"HX-Request": "true"}
    for name in ("table", "talk", "speak", "latest"):
        page = police.get(
            reverse("labs:table", args=[lab.pk]), {"part": name}, headers=part
        )
        assert f'id="{name}"' in text(page)
        assert "<html" not in text(page)
    address = reverse("labs:write", args=[lab.pk])
    said = {"text": "Hello", "channel": EVERYONE}
    page = police.post(address, said | make_form_key(), headers=part)
    assert 'id="speak"' in text(page)
    assert "Hello" not in text(page)  # the form is empty again


def test_walking_away_asks_first_and_shows_ones_line(lab, seated, trainer, watcher):
    play(lab, trainer, 3)
    shelter = given.sign_in(seated["shelter"])
    page = text(shelter.get(reverse("labs:walk_away", args=[lab.pk])))
    assert "You leave if evidence may go to the police" in page
    assert "is suspended until your party comes back" in page
    post(shelter, "walk_away", lab.pk, why="It was found again")
    page = table_of(given.sign_in(seated["police"]), lab)
    assert "It was found again" in page
    assert "A party has walked away" in page
    assert "Come back to the table" not in page
    assert "Come back to the table" in table_of(shelter, lab)
    post(shelter, "come_back", lab.pk)
    post(shelter, "call_break", lab.pk)
    assert "End the break" not in table_of(shelter, lab)
    leads = given.sign_in(trainer)
    assert "End the break" in table_of(leads, lab)
    post(leads, "resume", lab.pk)
    post(leads, "break_down", lab.pk)
    page = table_of(leads, lab)
    assert "She waits on a chair" in page
    post(leads, "reopen", lab.pk)
    assert "It pays for six hotel nights a month" in table_of(leads, lab)
    gone = given.sign_in(watcher)
    assert gone.get(reverse("labs:walk_away", args=[lab.pk])).status_code == 404


def test_what_is_learned_in_a_round_is_learned_then_and_by_those_it_names(
    lab, seated, trainer
):
    hospital, police = (
        given.sign_in(seated["hospital"]),
        given.sign_in(seated["police"]),
    )
    play(lab, trainer, 3)
    assert "a night nurse" not in table_of(hospital, lab)
    play(lab, trainer, 4)
    assert "a night nurse" in table_of(hospital, lab)
    assert "a night nurse" not in table_of(police, lab)


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_a_table_is_read_in_each_language(lab, seated, trainer, language):
    play(lab, trainer, 1)
    browser = given.sign_in(seated["police"])
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = table_of(browser, lab)
    script = load_content(lab.cohort.version).labs["old-harbour"]
    assert script["title"][language] in page
    assert script["parties"][1]["line"][language] in page
    assert script["title"]["en"] not in page


def test_a_round_of_very_many_digits_is_refused(cohort, trainer):
    lab = actions.open_lab(cohort, "old-harbour", by=trainer)
    page = post(given.sign_in(trainer), "go_on", lab.pk, to="1" * 5000)
    assert page.status_code == 409


def test_a_clinic_from_the_case_to_its_end(cohort, learners, trainer):
    mine, other = given.sign_in(learners[0]), given.sign_in(learners[1])
    told = {"text": "I met Amira Haddad on 3 May.", "asks": "What now?"}
    page = post(mine, "bring", cohort.pk, **told)
    assert page.status_code == 422
    assert "Amira Haddad" in text(page)
    post(mine, "bring", cohort.pk, **(told | {"text": "A young person came."}))
    clinic = Clinic.objects.get()

    page = text(other.get(reverse("labs:clinic", args=[clinic.pk])))
    assert "A young person came." in page
    post(other, "speak", clinic.pk, kind="question", text="Is she safe?")
    post(mine, "advance", clinic.pk, to="advice")
    post(other, "speak", clinic.pk, kind="advice", text="Ask her first.")
    page = text(mine.get(reverse("labs:clinic", args=[clinic.pk])))
    assert "Is she safe?" in page
    assert "Ask her first." in page
    assert post(other, "speak", clinic.pk, kind="advice", text="").status_code == 422
    post(mine, "destroy", clinic.pk)
    assert not Clinic.objects.exists()


@pytest.mark.parametrize("name", ["table", "text", "stream"])
def test_a_stranger_finds_no_table(name, lab, stranger):
    browser = given.sign_in(stranger)

    assert browser.get(reverse(f"labs:{name}", args=[lab.pk])).status_code == 404


def test_a_stranger_finds_no_clinic_and_a_coordinator_is_not_in_the_circle(
    clinic, stranger, coordinator
):
    for outsider in (stranger, coordinator):
        browser = given.sign_in(outsider)
        found = browser.get(reverse("labs:clinic", args=[clinic.pk]))
        assert found.status_code == 404


def test_the_home_without_a_cohort_says_why_it_is_empty(stranger):
    page = text(given.sign_in(stranger).get(reverse("labs:home")))

    assert "You are not in a cohort" in page


def test_many_words_cost_no_more_queries(
    clinic, learners, django_assert_max_num_queries
):
    browser = given.sign_in(learners[1])
    address = reverse("labs:clinic", args=[clinic.pk])
    for number in range(4):
        actions.write_message(
            clinic, ClinicMessage.Kind.QUESTION, f"And {number}?", by=learners[1]
        )
    browser.get(address)
    with django_assert_max_num_queries(24):
        browser.get(address)


def test_many_proposals_and_messages_cost_no_more_queries(
    lab, seated, trainer, django_assert_max_num_queries
):
    play(lab, trainer, 3)
    browser = given.sign_in(seated["legal"])
    for number in range(6):
        proposal = actions.propose(
            lab, "answer", option="hours12", words=f"{number}", by=seated["police"]
        )
        actions.refuse(proposal, by=seated["shelter"])
        actions.write_in_channel(lab, EVERYONE, f"And {number}?", by=seated["police"])
    table_of(browser, lab)
    with django_assert_max_num_queries(36):
        table_of(browser, lab)
