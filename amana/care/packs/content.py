"""What a pack holds of a case: as a sheet for the conversation does, in words."""

from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _


def read_sheet(sheet: dict[str, Any]) -> dict[str, object]:
    """Read what a case's overview shows: titles, labels and words, and no markup."""
    case = sheet["case"]
    parts = [
        (_("Safety warnings"), list_warnings(sheet["safety"])),
        (_("The person"), list_fields(sheet["identity"])),
        (_("How to reach them safely"), list_fields(sheet["contact"])),
        (_("Needs"), list_needs(sheet["needs"]) + list_fields(sheet["about"])),
        (_("Agreed next steps"), list_dues([*sheet["now"], *sheet["next"]])),
        (
            _("Assigned colleagues"),
            [(str(a.get_part_display()), a.worker.name) for a in sheet["people"]],
        ),
    ]
    return {
        "reference": case.reference,
        "name": sheet["name"],
        "parts": [{"title": title, "rows": rows} for title, rows in parts if rows],
    }


def list_warnings(safety: Any) -> list[tuple[str, str]]:
    return [("", str(told.warning)) for told in safety.warnings]


def list_fields(record: Any) -> list[tuple[str, str]]:
    return [(str(line.field.label), str(line.words)) for line in record]


def list_needs(lacking: Any) -> list[tuple[str, str]]:
    return [
        (
            str(lack.need.needed),
            f"{lack.need.get_status_display()}. {lack.words}",
        )
        for lack in lacking
    ]


def list_dues(spine: Any) -> list[tuple[str, str]]:
    return [
        (
            date_format(localtime(due.at), _("j M, H:i")),
            f"{due.what} {due.words}".strip(),
        )
        for due in spine
    ]
