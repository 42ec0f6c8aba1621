"""The pages of witnesses."""

import pytest
from django.urls import reverse

from amana import given
from amana.trust.audit.models import Cosignature
from amana.trust.audit.offline_verifier import parse_head
from amana.trust.witness import asking
from amana.trust.witness.models import Witness, WitnessedLog
from amana.ui import once

from .conftest import grow
from .logs_of_others import Other

pytestmark = pytest.mark.django_db


def test_the_page_says_who_cosigned_when_and_what_is_missing(
    witness, laptop, administrator, auditor
):
    checkpoint = grow(5)
    text = asking.build_request(witness, checkpoint)
    asking.keep_cosignature(
        witness, checkpoint.size, laptop.answer(text), by=administrator
    )

    page = given.sign_in(auditor).get(reverse("witness:witnesses"))

    said = page.content.decode()
    assert "laptop.example" in said
    assert f"{checkpoint.size} entries" in said
    assert "none yet" in said


PAGES = ["witnesses", "paper", "compare", "restoration", "program"]


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_sees_none_of_it(name, worker):
    address = reverse(f"witness:{name}")
    assert given.sign_in(worker).get(address).status_code == 404


@pytest.mark.parametrize("name", ["new", "new_log"])
def test_only_administrators_propose(name, worker, auditor):
    for person in (worker, auditor):
        address = reverse(f"witness:{name}")
        assert given.sign_in(person).get(address).status_code == 404


def test_the_request_is_carried_and_the_answer_brought_back(
    witness, laptop, administrator, auditor
):
    checkpoint = grow(5)
    address = reverse("witness:carry", args=[witness.pk])
    assert given.sign_in(auditor).get(address).status_code == 404
    desk = given.sign_in(administrator)
    text = desk.get(reverse("witness:take_request", args=[witness.pk])).content.decode()
    assert "<svg" in desk.get(address).content.decode()
    empty = desk.post(address, {"size": checkpoint.size} | once.make_form_key())
    assert empty.status_code == 422
    wrong = desk.post(
        address, {"size": checkpoint.size, "answer": "no"} | once.make_form_key()
    )
    assert wrong.status_code == 409

    said = {
        "size": checkpoint.size,
        "answer": laptop.answer(text),
    } | once.make_form_key()
    assert desk.post(address, said).status_code == 302
    assert Cosignature.objects.get().size == checkpoint.size


def test_pages_choose_a_witness_by_two(administrator, coordinator, laptop):
    first, second = given.sign_in(administrator), given.sign_in(coordinator)
    said = {"key": str(laptop.key), "address": ""} | once.make_form_key()
    assert first.post(reverse("witness:new"), said).status_code == 302
    found = Witness.objects.get()
    confirm = reverse("witness:confirm_witness", args=[found.pk])
    assert first.post(confirm, once.make_form_key()).status_code == 404
    assert second.post(confirm, once.make_form_key()).status_code == 302
    end = reverse("witness:end_witness", args=[found.pk])
    assert first.post(end, once.make_form_key()).status_code == 302
    log_key = {"key": str(Other().key)} | once.make_form_key()
    assert first.post(reverse("witness:new_log"), log_key).status_code == 302
    known = WitnessedLog.objects.get()
    confirm = reverse("witness:confirm_log", args=[known.pk])
    assert second.post(confirm, once.make_form_key()).status_code == 302
    end = reverse("witness:end_log", args=[known.pk])
    assert second.post(end, once.make_form_key()).status_code == 302


def test_what_is_on_paper_is_compared_by_typing_it(auditor):
    desk = given.sign_in(auditor)
    address = reverse("witness:compare")
    seen = parse_head(grow(5).note)
    paper = desk.get(reverse("witness:paper")).content.decode()
    groups = [seen.root.hex()[at : at + 4] for at in range(0, 64, 4)]
    assert " ".join(groups) in paper
    grow(3)

    typed = {"size": str(seen.size), "hash": " ".join(groups).upper()}
    right = desk.post(address, typed | once.make_form_key()).content.decode()
    assert "The log matches the printout" in right
    typed["size"] = str(seen.size + 1)
    wrong = desk.post(address, typed | once.make_form_key()).content.decode()
    assert "The log does not match the printout" in wrong
    typed["hash"] = "abc"
    assert desk.post(address, typed | once.make_form_key()).status_code == 422
