"""A coordinator brings the directory of a city as it is: a French sheet with a title,
in a browser without scripts as with them. In English and Arabic."""

from pathlib import Path

import pytest

from amana import given
from amana.design.directory.models import Service
from amana.trust.access.models import Role
from tests.journeys.conftest import Looks, SignsIn

pytestmark = pytest.mark.django_db(transaction=True)

SHEET = """\
Annuaire de Rivemare, 2026;;;;;
Nom du service;Structure;Commune;Secteur;Téléphone;Horaires
Consultations du port;Médecins du Port;Rivemare;Soins de santé primaires;+999 20 555;\
lundi au vendredi 9h-17h30
Abri des vents;Association Vents;Rivemare;Accueil de nuit;+999 20 556;24/7
Table ouverte;Association Vents;Rivemare;;+999 20 557;sur appel
"""


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    file = tmp_path / "annuaire.csv"
    file.write_text(SHEET, encoding="cp1252")
    return file


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_sheet_of_a_city_is_explained_and_imported(
    sign_in: SignsIn, look: Looks, sheet: Path, language: str
) -> None:
    coordinator = given.make_worker(role=Role.COORDINATOR)
    page = sign_in(coordinator, language=language, scripts=language == "en")
    # Files are read by processes that give way to all others.
    page.set_default_timeout(60_000)
    page.goto("/directory/import/")
    page.set_input_files('[name="file"]', sheet)
    page.fill('[name="origin"]', "rivemare")
    look(page, "import-start", scripts=language == "en")
    page.locator("main form button").last.click()

    assert page.locator('[name="column-0-0"]').input_value() == "service.name"
    look(page, "import-columns", scripts=language == "en")
    page.locator("main form button").last.click()

    words = page.locator("main select")
    words.first.select_option("SH2")
    look(page, "import-words", scripts=language == "en")
    page.locator("main form button").last.click()

    assert page.locator("main").inner_text().count("Rivemare") >= 3
    look(page, "import-preview", scripts=language == "en")
    page.locator("main form button").first.click()
    # Compared in the background; without scripts the page is asked again.
    page.locator('main form[action$="/take-in/"] button').wait_for()
    look(page, "import-compared", scripts=language == "en")
    page.locator('main form[action$="/take-in/"] button').click()
    page.wait_for_load_state()

    found = {service.name: service for service in Service.objects.all()}
    assert found["Consultations du port"].types == ["HE2"]
    assert found["Abri des vents"].types == ["SH2"]
    assert found["Abri des vents"].hours == [[0, 7 * 24 * 60]]
    assert "Table ouverte" not in found, "it has no kind of help"
