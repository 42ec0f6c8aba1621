"""Files: what is let in, what people see of it, and how it is handed out (P35)."""

import hashlib
import io

import pikepdf
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from amana import given
from amana.care.cases import actions
from amana.care.cases.models import Case, CaseFile, FileRemoval
from amana.care.cases.tests.corpus import (
    HOSTILE,
    PLACE,
    WELCOME,
    a_pdf,
    a_picture,
)
from amana.care.cases.tests.pages import browser, post, text_of
from amana.errors import Changed, Refused
from amana.trust.audit.models import AuditEvent
from amana.trust.vault import documents, files
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.models import CompartmentKey, Document, SealedFile
from amana.ui.http import SHOWN_ALONE
from tests.worlds import kept


@pytest.mark.parametrize("what", HOSTILE)
def test_what_could_do_harm_is_refused(what):
    name, content = HOSTILE[what]
    with pytest.raises(Refused):
        files.inspect_file(content, name)


@pytest.mark.parametrize("what", WELCOME)
def test_what_people_really_send_is_taken_in(what):
    name, content, kind = WELCOME[what]
    looked_into = files.inspect_file(content, name)
    assert looked_into.kind == kind
    assert looked_into.name == name
    assert looked_into.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_the_copy_of_a_picture_says_nothing_of_place_or_camera(format):
    content = a_picture(format)
    assert PLACE.encode() in content
    endings = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
    shown = files.inspect_file(content, f"a.{endings[format]}").shown
    assert PLACE.encode() not in shown
    assert b"camera" not in shown
    with Image.open(io.BytesIO(shown)) as picture:
        assert not picture.getexif()
        assert picture.format == format
        assert picture.size == (40, 60)  # upright, as it is seen
        assert not set(picture.info) - {
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
            "loop",
            "background",
        }


def test_the_copy_of_a_pdf_has_no_script_attachment_link_or_author():
    content = a_pdf(pages=3)
    assert b"JavaScript" in content
    shown = files.inspect_file(content, "a.pdf").shown
    with pikepdf.open(io.BytesIO(shown)) as pdf:
        assert len(pdf.pages) == 3
        assert not pdf.attachments
        assert "/OpenAction" not in pdf.Root
        assert "/Names" not in pdf.Root
        assert "/Metadata" not in pdf.Root
        assert not pdf.docinfo
        everything = b" ".join(thing.unparse(resolved=True) for thing in pdf.objects)
    for left in (b"JavaScript", b"alert", b"tracker", b"hidden", PLACE.encode()):
        assert left not in everything
        assert left not in shown


def test_a_name_loses_its_path_and_what_cannot_be_seen():
    assert files.clean_name("C:\\secret\\photo.jpg") == "photo.jpg"
    assert files.clean_name("../../etc/pass\u200bwd.pdf") == "passwd.pdf"
    assert files.clean_name("a\x00b\u202e.pdf") == "ab.pdf"
    assert len(files.clean_name("x" * 500 + ".pdf")) == files.LONGEST_NAME


def test_the_copy_is_made_where_nothing_can_be_written(tmp_path, monkeypatch):
    """The process that looks into a file may not write any itself."""
    monkeypatch.chdir(tmp_path)
    files.inspect_file(a_pdf(), "a.pdf")
    assert not list(tmp_path.iterdir())


# --- in a case


@kept
def file(case, worker) -> CaseFile:
    picture = files.inspect_file(a_picture(), "contract.jpg")
    return actions.add_file(case, C.EVIDENCE, picture, words="Page 1", by=worker)


def test_the_original_is_sealed_and_unchanged(file, worker):
    content = documents.open_file(file.original, by=worker, purpose="test")
    assert content == a_picture()
    assert hashlib.sha256(content).hexdigest() == file.sha256


def test_the_name_of_a_file_stands_nowhere_in_the_clear(file):
    assert not any("contract" in str(v) for v in CaseFile.objects.values_list()[0])


def test_only_who_opens_the_part_adds_to_it(case, worker, screener, stranger):
    actions.assign(case, screener, by=worker)
    picture = files.inspect_file(a_picture(), "a.jpg")
    with pytest.raises(Refused, match="role"):
        actions.add_file(case, C.EVIDENCE, picture, by=screener)
    with pytest.raises(PermissionDenied):
        actions.add_file(case, C.EVIDENCE, picture, by=stranger)


def upload(desk, case, name, content, part="evidence", **more):
    sent = SimpleUploadedFile(name, content)
    url = reverse("cases:add_file", args=[case.pk])
    return post(
        desk, url, {"compartment": part, "file": sent, "words": "Page 1"} | more
    )


def test_a_file_is_added_seen_and_saved(case, worker):
    desk = browser(worker)
    answer = upload(desk, case, "contract.jpg", a_picture())
    assert answer["Location"] == reverse("cases:part", args=[case.pk, "evidence"])
    file = case.files.get()
    post(
        desk,
        reverse("cases:open_part", args=[case.pk, "evidence"]),
        {"purpose": "plan"},
    )
    words = text_of(desk.get(reverse("cases:part", args=[case.pk, "evidence"])))
    assert "contract.jpg" in words
    assert "Page 1" in words
    assert file.sha256 in words

    saved = given.confirm_export(desk, desk.get(reverse("cases:file", args=[file.pk])))
    assert saved["Content-Type"] == "image/jpeg"
    assert saved["Content-Disposition"] == 'attachment; filename="contract.jpg"'
    assert saved["X-Content-Type-Options"] == "nosniff"
    assert saved["Content-Security-Policy"] == SHOWN_ALONE
    assert "no-store" in saved["Cache-Control"]
    assert PLACE.encode() not in saved.content
    assert AuditEvent.objects.about_case(case.pk).filter(did="opened file").exists()

    asked = post(desk, reverse("cases:original", args=[file.pk]))
    original = given.confirm_export(desk, asked, why="duty")
    assert original.content == a_picture()
    assert original["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize("what", ["EICAR in a PDF", "SVG", "two endings", "too large"])
def test_a_refused_file_leaves_nothing_and_keeps_the_words(case, worker, what):
    name, content = HOSTILE[what]
    answer = upload(browser(worker), case, name, content)
    assert answer.status_code in (409, 422)
    assert "Page 1" in answer.content.decode()
    assert not CaseFile.objects.exists()


def test_uploads_never_touch_the_disk(settings):
    assert settings.FILE_UPLOAD_HANDLERS == [
        "django.core.files.uploadhandler.MemoryFileUploadHandler"
    ]


def test_a_file_stays_behind_the_door_of_its_part(file, worker):
    desk, door = browser(worker), reverse("cases:part", args=[file.case_id, "evidence"])
    assert desk.get(reverse("cases:file", args=[file.pk]))["Location"] == door
    answer = post(desk, reverse("cases:original", args=[file.pk]))
    assert answer["Location"] == door


def test_a_file_of_a_part_closed_to_the_role_is_not_there_and_the_try_is_kept(
    file, supervisor
):
    answer = browser(supervisor).get(reverse("cases:file", args=[file.pk]))

    assert answer.status_code == 404
    assert AuditEvent.objects.filter(did="was turned away").count() == 1


def test_for_strangers_there_is_no_such_file(file, stranger, colleague, administrator):
    for someone in (stranger, colleague, administrator):
        desk = browser(someone)
        assert desk.get(reverse("cases:file", args=[file.pk])).status_code == 404
        assert post(desk, reverse("cases:original", args=[file.pk])).status_code == 404


def test_a_file_of_a_part_that_ones_role_does_not_open_is_not_there(file, supervisor):
    desk = browser(supervisor)
    assert desk.get(reverse("cases:file", args=[file.pk])).status_code == 404


def test_a_clinics_files_are_for_the_clinic(clinician):
    case = given.make_case(worked_on_by=clinician)
    result = files.inspect_file(a_pdf(), "result.pdf")
    actions.add_file(case, C.HEALTH, result, by=clinician)
    assert case.files.get().compartment == C.HEALTH


# --- deleting one


def to_remove(file: CaseFile) -> str:
    return reverse("cases:remove_file", args=[file.pk])


def opens_evidence(desk, case):
    door = reverse("cases:open_part", args=[case.pk, "evidence"])
    post(desk, door, {"purpose": "help"})
    return desk


def sealed_of(case):
    keys = CompartmentKey.objects.filter(case=case.pk, compartment=C.EVIDENCE)
    files_ = SealedFile.objects.filter(key__in=keys)
    return files_.count(), Document.objects.filter(key__in=keys).count()


def test_a_deleted_file_is_gone_with_all_that_was_said_of_it(file, worker):
    case, number = file.case, file.pk
    assert sealed_of(case) == (2, 1)
    desk = opens_evidence(browser(worker), case)
    part = reverse("cases:part", args=[case.pk, "evidence"])
    assert to_remove(file) in desk.get(part).content.decode()
    assert "contract.jpg" in text_of(desk.get(to_remove(file)))

    answer = post(desk, to_remove(file), {"reason": "wished"})

    assert answer["Location"] == part
    assert not CaseFile.objects.exists()
    assert sealed_of(case) == (0, 0)
    assert desk.get(reverse("cases:file", args=[number])).status_code == 404
    event = AuditEvent.objects.get(did="removed file")
    said = event.auditdetail.details
    assert (event.case, said["reason"]) == (case.pk, "wished")
    assert said["sha256"] == file.sha256
    timeline = desk.get(reverse("cases:tab", args=[case.pk, "history"]))
    assert "A file was deleted" in text_of(timeline)


def test_other_files_of_the_part_stay(file, case, worker):
    pdf = files.inspect_file(a_pdf(), "b.pdf")
    other = actions.add_file(case, C.EVIDENCE, pdf, by=worker)

    actions.remove_file(file, reason=FileRemoval.MISTAKEN, by=worker)

    assert list(CaseFile.objects.all()) == [other]
    shown = documents.open_file(other.shown, by=worker, purpose="file")
    assert shown.startswith(b"%PDF")
    named = documents.open_documents(case.pk, [C.EVIDENCE], by=worker, purpose="case")
    assert [name for _part, name in named] == [other.document]


def test_deleting_asks_for_a_reason(file, worker):
    desk = opens_evidence(browser(worker), file.case)
    for reason in ({}, {"reason": "gossip"}):
        assert post(desk, to_remove(file), reason).status_code == 422
    assert CaseFile.objects.get() == file


def test_a_file_of_a_closed_case_can_be_deleted(file, worker):
    Case.objects.update(closed_at="2026-01-01T00:00Z")
    actions.remove_file(file, reason=FileRemoval.WISHED, by=worker)
    assert not CaseFile.objects.exists()


def test_who_comes_second_reads_that_it_is_gone(file, worker):
    stale = CaseFile.objects.get(pk=file.pk)
    actions.remove_file(file, reason=FileRemoval.WISHED, by=worker)
    with pytest.raises((Changed, PermissionDenied)):
        actions.remove_file(stale, reason=FileRemoval.WISHED, by=worker)


def test_only_who_leads_the_case_and_reads_the_part_deletes(
    file, case, worker, supervisor, stranger, colleague, administrator
):
    actions.assign(case, colleague, by=worker)  # helps, and does not lead
    for someone in (stranger, colleague, administrator, supervisor):
        desk = browser(someone)
        assert desk.get(to_remove(file)).status_code == 404
        assert post(desk, to_remove(file), {"reason": "wished"}).status_code == 404
        with pytest.raises((PermissionDenied, Refused)):
            actions.remove_file(file, reason=FileRemoval.WISHED, by=someone)
    assert CaseFile.objects.get() == file


def test_deleting_stays_behind_the_door_of_the_part(file, worker):
    door = reverse("cases:part", args=[file.case_id, "evidence"])
    assert browser(worker).get(to_remove(file))["Location"] == door
