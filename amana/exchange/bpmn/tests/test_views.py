from xml.etree import ElementTree as ET

from django.urls import reverse

from amana import given
from amana.design.mechanism import actions
from amana.exchange.bpmn.writing import NAMESPACES


def taken(version, user, **options):
    url = reverse("bpmn:version", args=[version.pk])
    return given.sign_in(user).get(url, **options)


def test_whoever_reads_a_version_takes_its_steps_along_as_a_drawing(in_force, worker):
    response = taken(in_force, worker)

    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"]
    drawn = ET.fromstring(response.content)
    assert drawn.findall(".//bpmn:userTask", NAMESPACES)


def test_the_page_of_its_files_leads_there(in_force, worker):
    page = given.sign_in(worker).get(reverse("mechanism:files", args=[in_force.pk]))

    assert reverse("bpmn:version", args=[in_force.pk]) in page.content.decode()


def test_a_stranger_finds_nothing_and_neither_does_a_worker_of_a_draft(
    draft, stranger, worker
):
    assert taken(draft, stranger).status_code == 404
    assert taken(draft, worker).status_code == 404


def test_a_draft_with_faults_is_told_not_drawn(draft, coordinator):
    def spoil(files):
        wrong = files["pathway.yaml"].replace(b"start: meet", b"start: nowhere")
        return {"pathway.yaml": wrong}

    actions.edit_draft(draft, spoil, by=coordinator)

    assert taken(draft, coordinator).status_code == 409
