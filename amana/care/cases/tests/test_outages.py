"""The database is away or the disk is full: a worker reads what still works, in their
language, with whom to call; and nothing that was filled in is lost."""

import errno
import html
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from amana import given
from amana.care.cases.models import Case
from amana.trust.access.models import User
from amana.trust.audit import anchor
from amana.trust.vault import documents
from amana.trust.vault.compartments import Compartment
from amana.ui import outages
from amana.ui.once import FIELD, make_key
from amana.ui.outages import Outage, detect_outage
from tests.worlds import kept

pytestmark = pytest.mark.django_db

LINES = Path(__file__).parents[4] / "mechanisms/example/helplines.toml"
TYPED = 'She said: "the blue door" & <nothing> more.'
FULL = "database or disk is full"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')


@kept
def worker() -> User:
    return given.make_worker()


@kept
def case(worker: User) -> Case:
    return given.make_case(worked_on_by=worker)


@pytest.fixture
def desk(worker: User, settings: Any) -> Client:
    settings.HELPLINES_FILE = str(LINES)
    browser = given.sign_in(worker)
    browser.raise_request_exception = False
    return browser


@contextmanager
def away(words: str = "secret detail", *, only: str = "") -> Iterator[None]:
    """Every statement fails, or each that begins with one of these words."""

    def fail(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if not only or sql.lstrip().startswith(tuple(only.split())):
            raise OperationalError(words)
        return execute(sql, *rest)

    with connection.execute_wrapper(fail):
        yield


@contextmanager
def full_disk() -> Iterator[None]:
    with away(FULL, only="INSERT UPDATE DELETE"):
        yield


OUTAGES = {"database": away, "disk": full_disk}
SAID = {
    "en": ("Nothing can be saved at the moment", "Lantern line", "What still works"),
    "fr": ("Rien ne peut être enregistré", "Ligne Lanterne", "Ce qui fonctionne"),
    "ar": ("لا يمكن حفظ أي شيء", "خط الفانوس", "ما لا يزال يعمل"),
}


@pytest.mark.parametrize("language", sorted(SAID))
@pytest.mark.parametrize("outage", sorted(OUTAGES))
def test_a_page_says_what_still_works(
    desk: Client, case: Case, outage: str, language: str
) -> None:
    with OUTAGES[outage]():
        response = desk.get(
            reverse("cases:case", args=[case.pk]),
            headers={"Accept-Language": language},
        )
    page = response.content.decode()

    assert response.status_code == 503
    for words in SAID[language]:
        assert words in page
    assert f'lang="{language}"' in page
    assert 'href="tel:' in page
    assert reverse("cases:meet") in page
    assert reverse("packs:open") in page
    assert "secret detail" not in page
    assert response["Retry-After"] == "60"
    assert response["Cache-Control"] == "no-store"
    assert "Content-Security-Policy" in response.headers


@pytest.mark.parametrize("outage", sorted(OUTAGES))
def test_a_form_is_given_back_and_sent_again_with_one_button(
    desk: Client, case: Case, worker: User, outage: str
) -> None:
    address = reverse("cases:note", args=[case.pk, "needs"])
    desk.handler.enforce_csrf_checks = True  # as for a browser
    drawn = desk.get(reverse("cases:case", args=[case.pk])).content.decode()
    token = dict(HIDDEN.findall(drawn))[outages.CSRF]
    fields = {outages.CSRF: token, "words": TYPED, FIELD: make_key()}
    with OUTAGES[outage]():
        response = desk.post(address, fields)
    assert response.status_code == 503
    assert not notes(case, worker)

    page = response.content.decode()
    back = {n: html.unescape(value) for n, value in HIDDEN.findall(page)}
    assert back == fields
    assert f'action="{address}"' in page
    assert TYPED not in page  # escaped

    assert desk.post(address, back).status_code == 302
    assert len(notes(case, worker)) == 1


def test_who_only_opened_a_page_reads_nothing_of_what_they_did(
    desk: Client, case: Case
) -> None:
    with away():
        opened = desk.get(reverse("cases:case", args=[case.pk])).content.decode()
        polled = desk.get("/today/", headers={"HX-Request": "true"}).content.decode()

    for page in (opened, polled):
        assert "use its database" in page
        assert "Try again in a few minutes" in page
        assert "What you just did" not in page
        assert "Contact your administrator" in page


def test_what_was_sent_may_be_saved_where_the_database_broke_off(
    desk: Client, case: Case
) -> None:
    address = reverse("cases:note", args=[case.pk, "needs"])
    for outage, said in (
        (away, "What you just did may not have been saved"),
        (full_disk, "What you just did was not saved"),
    ):
        for headers in ({}, {"HX-Request": "true"}):
            fields = {"words": TYPED, FIELD: make_key()}
            with outage():
                response = desk.post(address, fields, headers=headers)
            assert said in response.content.decode()


def test_who_has_no_account_is_sent_to_no_administrator(
    client: Client, settings: Any
) -> None:
    settings.HELPLINES_FILE = str(LINES)
    client.raise_request_exception = False
    with away():
        response = client.get(reverse("feedback:changes"))
    page = response.content.decode()

    assert response.status_code == 503
    assert "Lantern line" in page
    assert "administrator" not in page
    assert reverse("cases:meet") not in page
    assert reverse("packs:open") not in page


def notes(case: Case, worker: User) -> list[str]:
    opened = documents.open_documents(
        case.pk, [Compartment.NEEDS], by=worker, purpose="test"
    )
    return [name for _part, name in opened if name.startswith("note/")]


def test_what_unlocks_something_is_not_given_back(desk: Client) -> None:
    with away():
        response = desk.post(reverse("vault:unlock"), {"passphrase": given.PASSPHRASE})
    page = response.content.decode()

    assert response.status_code == 503
    assert given.PASSPHRASE not in page
    assert "Go back" in page


def test_a_form_with_a_file_is_not_given_back_in_half(desk: Client, case: Case) -> None:
    sent = {"words": TYPED, "file": SimpleUploadedFile("a.txt", b"a")}
    with away():
        response = desk.post(reverse("cases:note", args=[case.pk, "needs"]), sent)
    page = response.content.decode()

    assert not HIDDEN.findall(page)
    assert "Files and passphrases" in page


def test_in_an_open_page_the_form_stays_as_it_is(desk: Client, case: Case) -> None:
    address = reverse("cases:note", args=[case.pk, "needs"])
    with away():
        response = desk.post(address, {"words": TYPED}, headers={"HX-Request": "true"})
    part = response.content.decode()

    assert response["HX-Retarget"] == "#notices"
    assert 'role="alert"' in part
    assert "<html" not in part


def test_a_full_disk_beside_the_database_is_said(
    desk: Client, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_words: object, **_more: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device: /secret/place")

    monkeypatch.setattr("amana.care.cases.views.parts.actions.add_note", full)
    response = desk.post(
        reverse("cases:note", args=[case.pk, "needs"]),
        {"words": TYPED, FIELD: make_key()},
    )
    page = response.content.decode()

    assert response.status_code == 503
    assert "disk is full" in page
    assert "/secret/place" not in page


def test_an_anchor_that_cannot_be_written_fails_no_act(
    desk: Client, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was done is sealed later, by the process that seals."""

    def full(*_words: object, **_more: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(anchor, "write", full)
    fields = {"words": TYPED, FIELD: make_key()}
    response = desk.post(reverse("cases:note", args=[case.pk, "needs"]), fields)

    assert response.status_code == 302


def test_once_the_database_is_back_the_page_is_there(desk: Client, case: Case) -> None:
    address = reverse("cases:case", args=[case.pk])
    with away():
        assert desk.get(address).status_code == 503
    assert desk.get(address).status_code == 200


def test_who_signs_in_gets_no_passphrase_back(client: Client, worker: User) -> None:
    client.raise_request_exception = False
    with away():
        response = client.post(
            reverse("account_login"),
            {"login": worker.email, "password": given.PASSPHRASE},
        )
    page = response.content.decode()

    assert response.status_code == 503
    assert not HIDDEN.findall(page)
    assert given.PASSPHRASE not in page


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (OperationalError("server closed the connection"), Outage.DATABASE),
        (OperationalError("database is locked"), Outage.DATABASE),
        (OperationalError(FULL), Outage.DISK),
        (OperationalError("could not extend file: No space left on device"), "disk"),
        (OSError(errno.EDQUOT, ""), Outage.DISK),
        (OSError(errno.ENOENT, ""), None),
        (OperationalError("no such table: cases_case"), None),
        (RuntimeError("database"), None),
        (None, None),
    ],
)
def test_an_outage_is_told_from_a_mistake(
    error: BaseException | None, outage: Outage | None
) -> None:
    assert detect_outage(error) == outage


def test_the_page_weighs_little(desk: Client) -> None:
    with away():
        response = desk.get("/today/")
    assert len(response.content) < 8_000
    assert outages.STILL_WORKS
