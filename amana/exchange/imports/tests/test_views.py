import json
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.design.directory.models import Service
from amana.exchange.imports import actions
from amana.exchange.imports.forms import name_field
from amana.exchange.imports.models import ImportRow, SourceUpload
from amana.exchange.imports.tests.conftest import ADVISOR, a_feature, a_map
from amana.exchange.sources.terms import FoundTerm
from amana.trust.access.models import Role, User
from amana.trust.audit.models import AuditEvent
from amana.ui.once import make_form_key
from tests.worlds import kept


@kept
def browser(coordinator: User) -> Client:
    return given.sign_in(coordinator)


def send(browser: Client, blob: bytes, *, mapping: bytes = b"", **more: object):
    said: dict[str, object] = {"file": SimpleUploadedFile("services", blob)}
    if mapping:
        said["mapping"] = SimpleUploadedFile("mapping.json", mapping)
    more = {"origin": "city"} | make_form_key() | more
    return browser.post(reverse("imports:start"), said | more)


def answer(browser: Client, page: str, **said: str):
    """Send the form of a page as it stands, but for what is said here."""
    form = browser.get(page).context["form"]
    shown = {name: form[name].value() for name in form.fields if form[name].value()}
    return browser.post(page, shown | said | make_form_key())


def decide(word: str, code: str) -> dict[str, str]:
    """What the page of words is told of one kind of help."""
    return {name_field(FoundTerm("types", word, 1, None)): code}


def explain(browser: Client, file: str) -> str:
    """Agree to what each page of a file suggests; return where the import is."""
    page = answer(browser, file)
    while page.headers["Location"] != f"{file}preview/":
        page = answer(browser, page.headers["Location"])
    return browser.post(f"{file}bring/", make_form_key()).headers["Location"]


def upload(browser: Client, blob: bytes) -> str:
    """Bring a map in the layout of which a colleague has shared the mapping."""
    sent = send(browser, blob, mapping=ADVISOR.read_bytes())
    return explain(browser, sent.headers["Location"])


def test_a_file_is_read_looked_at_taken_in_and_undone(browser):
    here = upload(browser, a_map(a_feature(1), a_feature(2, activityName="Kites")))
    assert "Import these services" in browser.get(here).content.decode()

    browser.post(f"{here}take-in/", make_form_key())
    assert Service.objects.get().name == "Health Services"
    quarantine = browser.get(f"{here}rows/quarantined/").content.decode()
    assert "entries, row 2" in quarantine
    assert "type of service is missing" in quarantine
    browser.post(f"{here}undo/", make_form_key())
    assert not Service.objects.exists()


def test_a_file_that_cannot_be_read_says_what_is_wrong_with_it(browser):
    page = send(browser, b"{not JSON}")

    assert page.status_code == 422
    assert "It is not JSON" in page.content.decode()
    assert not SourceUpload.objects.exists()


def test_the_same_upload_sent_twice_is_one_file(browser):
    key = make_form_key()
    first = send(browser, a_map(a_feature(1)), _once=key["_once"])
    again = send(browser, a_map(a_feature(1)), _once=key["_once"])

    assert first.headers["Location"] == again.headers["Location"]
    assert SourceUpload.objects.count() == 1


TABLE = """\
Services of the city;;;
Nom du service;Structure;Commune;Secteur
Consultations du port;Médecins du Port;Rivemare;Soins de santé primaires
Abri des vents;Association Vents;Rivemare;Refuge
"""


def test_a_table_of_somebody_is_explained_and_imported(browser):
    file = send(browser, TABLE.encode()).headers["Location"]
    page = browser.get(file).content.decode()
    assert "Consultations du port" in page
    words = answer(browser, file).headers["Location"]
    assert words == f"{file}words/"
    assert "Refuge" in browser.get(words).content.decode()

    decided = answer(browser, words, **decide("Refuge", "SH2"))
    preview = browser.get(decided.headers["Location"])
    assert preview.context["services"] == 2
    assert sum(account.rows for account in preview.context["accounts"]) == 2
    here = browser.post(f"{file}bring/", make_form_key()).headers["Location"]
    browser.post(f"{here}take-in/", make_form_key())

    kinds = {s.name: s.types for s in Service.objects.all()}
    assert kinds == {"Consultations du port": ["HE2"], "Abri des vents": ["SH2"]}
    assert not SourceUpload.objects.exists()


def test_what_was_decided_holds_for_the_next_file_of_the_source(browser):
    file = send(browser, TABLE.encode()).headers["Location"]
    answer(
        browser, answer(browser, file).headers["Location"], **decide("Refuge", "SH2")
    )

    again = send(browser, TABLE.encode()).headers["Location"]
    preview = answer(browser, answer(browser, again).headers["Location"])
    assert browser.get(preview.headers["Location"]).context["without_kind"] == 0


def test_a_kind_that_words_tell_is_taken_only_if_somebody_accepts_it(browser):
    rows = {"services": [{"id": 1, "name": "Food pantry", "provider": "Port"}]}
    blob = json.dumps(rows).encode()
    explain(browser, send(browser, blob).headers["Location"])
    assert "types" not in ImportRow.objects.get().values

    file = send(browser, blob).headers["Location"]
    words = answer(browser, file).headers["Location"]
    assert "Food (1)" in browser.get(words).content.decode()
    answer(browser, words, kinds="BA1")
    browser.post(f"{file}bring/", make_form_key())
    row = ImportRow.objects.latest("pk")
    assert row.values["types"] == ["BA1"]
    assert "found by words" in row.remarks[0]


def test_a_page_of_words_that_is_old_decides_on_no_other_word(browser):
    rows = [{"name": n, "partner": "Port", "category": n} for n in ("Aaa", "Bbb")]
    blob = json.dumps(rows).encode()
    file = send(browser, blob).headers["Location"]
    words = answer(browser, file).headers["Location"]
    browser.post(words, decide("Aaa", "SH2") | decide("Bbb", "-") | make_form_key())

    # The tab that was open meanwhile still asks of “Aaa” first.
    browser.post(words, decide("Aaa", "BA1") | make_form_key())
    mapping = SourceUpload.objects.get().mapping
    assert mapping["terms"] == {"types": {"Aaa": ["SH2"]}}


def test_a_table_that_is_imported_after_all_shows_its_columns(browser):
    """Of contacts nothing is imported, unless a person says so."""
    rows = {"services": [{"id": 1, "name": "Clinic", "provider": "Port"}]}
    rows["contacts"] = [{"id": 7, "service_id": 1, "number": "+999 20 555"}]
    file = send(browser, json.dumps(rows).encode()).headers["Location"]
    assert "column-1-" not in browser.get(file).content.decode()

    page = answer(browser, file, **{"table-1": "phone"})
    assert page.headers["Location"] == file
    assert 'name="column-1-2"' in browser.get(file).content.decode()
    explain(browser, file)
    row = ImportRow.objects.get()
    assert row.values["phone"] == "+999 20 555"


def test_a_file_opens_only_in_the_browser_that_sent_it(browser, coordinator):
    sent = a_map(a_feature(1, locationName="Secret Street 7"))
    file = send(browser, sent).headers["Location"]
    elsewhere = given.sign_in(coordinator)

    page = elsewhere.get(file)
    assert browser.cookies["source"]["path"] == file
    assert page.status_code == 409
    assert "Only the browser that sent this file" in page.content.decode()
    assert "Secret Street 7" in browser.get(file).content.decode()
    stored = SourceUpload.objects.get()
    assert b"Secret Street 7" not in bytes(stored.sealed)
    assert "Secret Street 7" not in json.dumps(stored.mapping)


def test_a_colleague_finds_no_file_of_another(browser):
    file = send(browser, a_map(a_feature(1))).headers["Location"]
    other = given.sign_in(given.make_worker(role=Role.COORDINATOR))

    for page in ("", "words/", "preview/", "mapping.json"):
        assert other.get(f"{file}{page}").status_code == 404
    for act in ("bring", "discard"):
        assert other.post(f"{file}{act}/", make_form_key()).status_code == 404


def test_a_mapping_is_shared_as_a_file(browser):
    file = send(browser, TABLE.encode()).headers["Location"]
    answer(
        browser, answer(browser, file).headers["Location"], **decide("Refuge", "SH2")
    )
    shared = browser.get(f"{file}mapping.json").content

    again = send(browser, TABLE.encode(), mapping=shared, origin="town")
    page = browser.get(f"{again.headers['Location']}words/")
    assert page.context["decided"] == 1
    wrong = send(browser, TABLE.encode(), mapping=b"{}", origin="town")
    assert wrong.status_code == 422
    assert "not a mapping of Amana" in wrong.content.decode()


def test_a_file_can_be_deleted(browser):
    file = send(browser, TABLE.encode()).headers["Location"]
    assert f"{file}discard/" in browser.get(reverse("imports:start")).content.decode()

    browser.post(f"{file}discard/", make_form_key())
    assert browser.get(file).status_code == 404
    assert not SourceUpload.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"zone": []},
        {"zone": "Nowhere/Here"},
        {"kinds_by_words": ["NO1"]},
        {"kinds_by_words": 3},
        {"terms": {"types": {"Shelter": ["NO1"]}}},
        {"terms": {"types": {"Shelter": ["hidden:yes"]}}},
        {"terms": {"name": {"Shelter": ["SH2"]}}},
        {"tables": {"entries": {"is": "house", "columns": {}, "links": {}}}},
        {
            "tables": {
                "entries": {"is": "service", "columns": {"n": ["x"]}, "links": {}}
            }
        },
    ],
)
def test_a_mapping_that_names_what_is_not_ours_is_refused(browser, change):
    mapping = json.loads(ADVISOR.read_bytes()) | change
    page = send(browser, TABLE.encode(), mapping=json.dumps(mapping).encode())

    assert page.status_code == 422
    assert not SourceUpload.objects.exists()


def test_a_shared_mapping_keeps_what_its_page_does_not_ask(browser):
    tables = {"entries": {"is": "service", "links": {}, "columns": {}}}
    tables["entries"]["columns"] = {
        "Nom du service": ["service.name", "service.description"],
        "Structure": ["organisation.name"],
    }
    mapping = {"format": "amana-mapping/1", "tables": tables, "terms": {}}
    sent = send(browser, TABLE.encode(), mapping=json.dumps(mapping).encode())
    answer(browser, sent.headers["Location"])

    kept = SourceUpload.objects.get().mapping["tables"]["entries"]["columns"]
    assert kept["Nom du service"] == ["service.name", "service.description"]


def test_headings_may_hold_any_sign(browser):
    rows = {
        "services": [{"id": "1", "name": "Clinic", "Org|ID": "7"}],
        "organizations": [{"Org|ID": "7", "id": "7", "name": "Port"}],
    }
    file = send(browser, json.dumps(rows).encode()).headers["Location"]
    page = answer(browser, file, **{"column-0-2": "names:1-1"})
    assert page.status_code == 302
    links = SourceUpload.objects.get().mapping["tables"]["services"]["links"]
    assert links == {"Org|ID": ["organizations", "id"]}


def test_a_file_that_is_not_explained_is_deleted_after_a_week(browser):
    file = send(browser, TABLE.encode()).headers["Location"]
    with time_machine.travel(timezone.now() + actions.KEPT - timedelta(hours=1)):
        call_command("forget_source_files")
        assert SourceUpload.objects.exists()
    with time_machine.travel(timezone.now() + actions.KEPT + timedelta(hours=1)):
        call_command("forget_source_files")
    assert not SourceUpload.objects.exists()
    assert browser.get(file).status_code == 404


def test_a_row_is_put_right_on_its_page(browser):
    here = upload(browser, a_map(a_feature(2, activityName="Kites")))
    said = {"name": "Kite club", "organisation": "Field Works", "types": ["ED2"]}
    browser.post(f"{here}mend/1/", said | make_form_key())
    browser.post(f"{here}take-in/", make_form_key())

    assert Service.objects.get().name == "Kite club"


def test_a_stranger_finds_no_import(browser, db):
    here = upload(browser, a_map(a_feature(1)))
    stranger = given.sign_in(given.make_worker())

    for page in (here, f"{here}rows/new/", f"{here}mend/1/"):
        assert stranger.get(page).status_code == 404
    for act in ("proceed", "take-in", "undo"):
        assert stranger.post(f"{here}{act}/", make_form_key()).status_code == 404
    assert stranger.get(reverse("imports:start")).status_code == 403
    assert AuditEvent.objects.filter(did="was turned away").count() == 7


def test_the_page_of_rows_costs_the_same_however_many(
    browser, django_assert_max_num_queries
):
    here = upload(browser, a_map(*map(a_feature, range(1, 60))))
    with django_assert_max_num_queries(15):
        page = browser.get(f"{here}rows/new/")

    assert page.content.decode().count("entries, row ") == 50


def test_what_a_file_says_is_shown_and_does_nothing(browser):
    bad = "<img src=x onerror=alert(1)>"
    rows = [{"name": bad, "partner": bad, "category": bad, bad: f"{bad}%(n)s %s"}]
    file = send(browser, json.dumps(rows).encode()).headers["Location"]
    words = answer(browser, file).headers["Location"]
    preview = answer(browser, words).headers["Location"]

    for page in (file, words, preview):
        text = browser.get(page).content.decode()
        assert bad not in text
        assert "&lt;img src=x" in text
