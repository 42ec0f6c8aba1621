"""The faults of a course at the fields of a form: where each has to be mended."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django import forms

from amana.academy.courses.engine import files as places
from amana.academy.courses.engine import reading
from amana.design.mechanism.labels import format_fault
from amana.faults import Fault
from amana.yaml_files import yamls

SHARED = ("course.yaml", "sources.yaml", "glossary.yaml")


@dataclass(frozen=True)
class FieldRemark:
    """What an author may look at, and the field that it is about."""

    words: str
    field: str
    """Empty: the whole."""
    label: str


def check_module(
    files: Mapping[str, bytes], folder: str, *, only: frozenset[str]
) -> tuple[list[Fault], list[Fault]]:
    """Check the files of a module as `course check` does; faults and remarks of
    `only`."""
    # The rest of a course would take seconds and says nothing of these files, but for a
    # code that is used twice in it.
    near = {
        path: content
        for path, content in files.items()
        if path in SHARED or (path.startswith(f"modules/{folder}/") and is_near(path))
    }
    checked = reading.read_course(near)
    return (
        [fault for fault in checked.faults if fault.file in only],
        [remark for remark in checked.remarks if remark.file in only],
    )


def is_near(path: str) -> bool:
    """Check whether a file of a module bears on its lessons and questions."""
    return not (places.KIT.fullmatch(path) or places.INTERVIEW.fullmatch(path))


def add_faults(form: forms.Form, faults: Iterable[tuple[Fault, str]]) -> None:
    """Add each fault to its field, else to the whole form."""
    for fault, name in faults:
        # Django puts what it has no field for above the form, where it is read first.
        form.add_error(name if name in form.fields else None, format_fault(fault))


def list_remarks(
    form: forms.Form, remarks: Iterable[tuple[Fault, str]]
) -> list[FieldRemark]:
    """List what may be looked at, with the fields where."""
    found = []
    for remark, name in remarks:
        # What has no field of its own, as helplines, is told for the whole form.
        known = name in form.fields
        label = str(form[name].label) if known else ""
        at = form[name].id_for_label if known else ""
        found.append(FieldRemark(format_fault(remark), at, label))
    return found


def check_characters(form: forms.Form, said: Mapping[str, object]) -> None:
    """Refuse, at their fields, characters that no reader sees, as the check of a file
    would."""
    for name, value in list(said.items()):
        try:
            yamls.refuse_hidden("", 1, value if isinstance(value, str) else "")
        except yamls.UnreadableYAML as error:
            form.add_error(name, format_fault(error.fault))
