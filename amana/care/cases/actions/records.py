"""What is written about the person, part by part, and always sealed."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from amana.care.cases import card
from amana.care.cases.actions.needs import require_open
from amana.care.cases.actions.opening import require_known_fields
from amana.care.cases.events import record_changing, record_written
from amana.care.cases.fields import FIELDS
from amana.care.cases.models import Case, CaseFile, FileRemoval
from amana.care.cases.rules import (
    list_readable_parts,
    list_writable_parts,
    see_case,
    work_on_case,
)
from amana.care.cases.rules import remove_file as may_remove_file
from amana.errors import Changed, Refused
from amana.trust.access.models import User
from amana.trust.audit import log
from amana.trust.vault import documents
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.documents import RECORD, OpenedDocument
from amana.trust.vault.files import InspectedFile
from amana.trust.vault.models import generate_uuid7

C = Compartment


@transaction.atomic
def rewrite(
    case: Case,
    compartment: Compartment,
    fields: Mapping[str, object],
    *,
    replacing: int,
    by: User,
) -> int:
    """Write a part's record in place of revision `replacing` (0: the first).

    Fields that aren't named stay as they were. Raises `Changed` when a colleague was
    faster. Returns the new revision."""
    work_on_case.require(by, case)
    if compartment not in list_readable_parts(by, case):
        raise Refused(_("This part of the case is not open to your role."))
    current = open_records(case, {compartment, *card.ON_THE_CARD}, by=by)
    was = current.get(compartment)
    if replacing and was is not None and was.revision != replacing:
        was = None  # `write` refuses it as changed
    return _write(case, compartment, fields, was, replacing, current, by=by)


@transaction.atomic
def add_details(
    case: Case, compartment: Compartment, fields: Mapping[str, object], *, by: User
) -> int:
    """Add to a part that one's role may write and not read, such as health."""
    work_on_case.require(by, case)
    if compartment not in list_writable_parts(by, case):
        raise Refused(_("This part of the case is not open to your role."))
    current = open_records(case, {compartment, *card.ON_THE_CARD}, by=by)
    was = current.get(compartment)
    said = {name: value for name, value in fields.items() if value not in EMPTY}
    known = was.content if was else {}
    added, beside = _added(compartment, known, said)
    revision = was.revision if was else 0
    revision = _write(case, compartment, added, was, revision, current, by=by)
    if beside:
        add_note(case, compartment, "\n".join(beside), by=by)
    return revision


EMPTY: tuple[object, ...] = (None, "", [])


def _added(
    compartment: Compartment, known: Mapping[str, object], said: Mapping[str, object]
) -> tuple[dict[str, object], list[str]]:
    """Split the new values into what goes into the record and what goes into a note."""
    added: dict[str, object] = {}
    beside: list[str] = []
    require_known_fields({compartment: said})
    for name, value in said.items():
        field, was = FIELDS[f"{compartment}.{name}"], known.get(name)
        # The writer has not read what the record holds, and so replaces nothing: text
        # is appended, and any other difference becomes a note.
        if was in EMPTY:
            added[name] = value
        elif field.kind == "text":
            added[name] = f"{was}\n{value}"
        elif was != value:
            beside.append(f"{field.label}: {field.said(value)}")
    return added, beside


def _write(
    case: Case,
    compartment: Compartment,
    fields: Mapping[str, object],
    was: OpenedDocument | None,
    replacing: int,
    current: Mapping[Compartment, OpenedDocument],
    *,
    by: User,
) -> int:
    # Before the case is locked: a receiver that locks something which is always taken
    # before a case would otherwise wait in the other order, and two could block each
    # other.
    record_changing.send(Case, case=case, compartment=compartment)
    require_open(case)
    require_known_fields({compartment: fields})
    content = (was.content if was else {}) | dict(fields)
    revision = documents.write(
        case.pk, compartment, content, by=by, replacing=replacing
    )
    if compartment in card.ON_THE_CARD:
        records = {c: document.content for c, document in current.items()} | {
            compartment: content
        }
        card.write_card(case, records, by=by)
    log.record(
        "wrote record",
        case,
        by=by,
        case=case.pk,
        compartment=compartment,
        revision=revision,
    )
    record_written.send(
        Case, case=case, compartment=compartment, content=content, by=by
    )
    return revision


def open_records(
    case: Case, compartments: set[Compartment], *, by: User
) -> dict[Compartment, OpenedDocument]:
    opened = documents.open_documents(
        case.pk, compartments, by=by, purpose="writing", names=[RECORD]
    )
    return {compartment: document for (compartment, _name), document in opened.items()}


@transaction.atomic
def add_note(case: Case, compartment: Compartment, words: str, *, by: User) -> str:
    """Add a note to a part of the case. Notes are never changed. Returns its name."""
    see_case.require(by, case)
    if compartment not in list_writable_parts(by, case) | list_readable_parts(by, case):
        raise Refused(_("This part of the case is not open to your role."))
    if not words.strip():
        raise Refused(_("The note is empty. Enter some text."))
    name = f"note/{generate_uuid7().hex}"
    content = {"words": words, "by": by.name}
    documents.write(case.pk, compartment, content, by=by, name=name)
    log.record("wrote note", case, by=by, case=case.pk, compartment=compartment)
    return name


@transaction.atomic
def add_file(
    case: Case,
    compartment: Compartment,
    looked_into: InspectedFile,
    *,
    words: str = "",
    by: User,
) -> CaseFile:
    """Seal a file: the original as it came, and a harmless copy that people see."""
    work_on_case.require(by, case)
    require_open(case)
    if compartment not in list_readable_parts(by, case):
        raise Refused(_("This part of the case is not open to your role."))
    file = CaseFile.objects.create(
        case=case,
        compartment=compartment,
        original=documents.seal_file(case.pk, compartment, looked_into.original, by=by),
        shown=documents.seal_file(case.pk, compartment, looked_into.shown, by=by),
        kind=looked_into.kind,
        sha256=looked_into.sha256,
        size=len(looked_into.shown),
    )
    about = {"name": looked_into.name, "words": words, "by": by.name}
    documents.write(case.pk, compartment, about, by=by, name=file.document)
    log.record(
        "added file",
        file,
        by=by,
        case=case.pk,
        compartment=compartment,
        kind=file.kind,
        sha256=file.sha256,
    )
    return file


@transaction.atomic
def remove_file(file: CaseFile, *, reason: FileRemoval, by: User) -> None:
    """Destroy one file: original, copy and description. That it existed, and why it is
    gone, stays in the log. Raises `Changed` when a colleague was faster."""
    may_remove_file.require(by, file)
    if Compartment(file.compartment) not in list_readable_parts(by, file.case):
        raise Refused(_("This part of the case is not open to your role."))
    # No `require_open`: the person may wish it after the case was closed too.
    if not CaseFile.objects.filter(pk=file.pk).delete()[0]:
        raise Changed(_("A colleague has already deleted this file."))
    documents.destroy_files([file.original_id, file.shown_id], about=file.document)
    log.record(
        "removed file",
        file,
        by=by,
        case=file.case_id,
        compartment=file.compartment,
        kind=file.kind,
        sha256=file.sha256,
        reason=reason,
    )
