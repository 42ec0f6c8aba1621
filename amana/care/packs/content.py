"""What a pack holds of a case: as a sheet for the conversation does, in words."""

from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _


def read_sheet(sheet: dict[str, Any]) -> dict[str, Any]:
    """Read what a case's overview shows: titles, labels and words, and no markup."""
    case = sheet["case"]
    parts = [
        (_("Safety warnings"), warnings(sheet["safety"])),
        (_("The person"), said(sheet["identity"])),
        (_("How to reach them safely"), said(sheet["contact"])),
        (_("Needs"), needs(sheet["needs"]) + said(sheet["about"])),
        (_("Agreed next steps"), dues([*sheet["now"], *sheet["next"]])),
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


def warnings(safety: Any) -> list[tuple[str, str]]:
    return [("", str(told.warning)) for told in safety.warnings]


def said(record: Any) -> list[tuple[str, str]]:
    return [(str(line.field.label), str(line.words)) for line in record]


def needs(lacking: Any) -> list[tuple[str, str]]:
    return [
        (
            str(lack.need.needed),
            f"{lack.need.get_status_display()}. {lack.words}",
        )
        for lack in lacking
    ]


def dues(spine: Any) -> list[tuple[str, str]]:
    return [
        (date_format(localtime(due.at), "j M, H:i"), f"{due.what} {due.words}".strip())
        for due in spine
    ]
