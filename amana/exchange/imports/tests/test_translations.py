"""A file that differs by its language alone is joined by its ids: one service, named in
two languages.

Planted faults, each seen caught here: a translation that becomes services of its own;
one that empties what its file does not hold.
"""

import json

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from amana import given
from amana.design.directory.models import Service
from amana.exchange.imports import actions
from amana.exchange.imports.models import Import, MappingVersion
from amana.trust.access.models import Organisation
from amana.ui.once import make_form_key

ENGLISH = [
    {"id": 1, "name": "Clinic", "partner": "Port Health", "category": "HE2"},
    {"id": 2, "name": "House", "partner": "Port Health", "category": "SH2"},
]
ARABIC = [
    {"id": 1, "name": "عيادة", "partner": "صحة الميناء"},
    {"id": 3, "name": "مكتب", "partner": "صحة الميناء"},
]


def bring(browser, rows, translates: str = "") -> Import:
    """Send a file and agree to what each page suggests."""
    file = SimpleUploadedFile("services.json", json.dumps(rows).encode())
    sent = {"file": file, "origin": "city", "translates": translates}
    page = browser.post(reverse("imports:start"), sent | make_form_key())
    place = page.headers["Location"]
    while not place.endswith("preview/"):
        form = browser.get(place).context["form"]
        shown = {n: form[n].value() for n in form.fields if form[n].value()}
        place = browser.post(place, shown | make_form_key()).headers["Location"]
    assert browser.get(place).status_code == 200
    browser.post(place.replace("preview", "bring"), make_form_key())
    return Import.objects.latest("brought_at")


def test_two_languages_of_one_file_are_one_service(coordinator):
    browser = given.sign_in(coordinator)
    for rows, translates in ((ENGLISH, ""), (ARABIC, "ar"), (ARABIC, "ar")):
        brought = bring(browser, rows, translates)
        while actions.plan_next_rows(brought, by=coordinator):
            pass
        actions.apply_import(brought, by=coordinator)

    clinic = Service.objects.get(origin_id="1")
    assert (clinic.name, clinic.name_ar, clinic.types) == ("Clinic", "عيادة", ["HE2"])
    assert Service.objects.count() == 2
    assert Organisation.objects.filter(name="صحة الميناء").count() == 0
    outcomes = actions.count_outcomes(brought)
    assert (outcomes["same"], outcomes["quarantined"]) == (1, 1)
    lost = brought.rows.quarantined().get()
    assert "No service of this source has its id" in lost.problem


def test_undoing_a_translation_takes_the_names_away(coordinator):
    browser = given.sign_in(coordinator)
    for rows, translates in ((ENGLISH, ""), (ARABIC, "ar")):
        brought = bring(browser, rows, translates)
        while actions.plan_next_rows(brought, by=coordinator):
            pass
        actions.apply_import(brought, by=coordinator)
    actions.undo_import(brought, by=coordinator)
    clinic = Service.objects.get(origin_id="1")
    assert (clinic.name, clinic.name_ar) == ("Clinic", "")


def test_what_columns_of_a_translation_mean_is_kept_apart(coordinator):
    browser = given.sign_in(coordinator)
    bring(browser, ENGLISH)
    bring(browser, ARABIC, "ar")
    assert set(MappingVersion.objects.values_list("origin", flat=True)) == {
        "city",
        "city:ar",
    }
    last = actions.find_last_mapping("city")
    assert last is not None
    assert last.translates == ""
