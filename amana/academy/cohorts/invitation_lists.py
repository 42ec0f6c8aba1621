"""A list of people to invite, as it was pasted or sent: CSV with e-mail, name and
language, in any order, with a line of headings or without."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.ui import languages
from amana.ui.labels import format_list

MOST = 500
"""People on one list."""
MOST_BYTES = 200_000

HEADINGS: Mapping[str, frozenset[str]] = {
    "address": frozenset(
        {"email", "e-mail", "mail", "e-mail address", "email address", "courriel"}
        | {"adresse", "adresse e-mail", "adresse électronique", "correo"}
        | {"البريد", "البريد الإلكتروني", "بريد إلكتروني", "العنوان"}
    ),
    "name": frozenset(
        {"name", "full name", "nom", "nom complet", "prénom et nom", "nombre"}
        | {"الاسم", "الاسم الكامل", "اسم"}
    ),
    "language": frozenset({"language", "lang", "langue", "idioma", "اللغة", "لغة"}),
}


@dataclass(frozen=True)
class ListedPerson:
    """One line of the list that can be used."""

    line: int
    address: str
    name: str
    language: str
    said: str
    """The line as it was sent."""


@dataclass(frozen=True)
class ListProblem:
    """One line that can’t be used, and why, in a sentence."""

    line: int
    said: str
    reason: str


@dataclass(frozen=True)
class InvitationList:
    """What a list holds, in its order."""

    people: Sequence[ListedPerson]
    problems: Sequence[ListProblem]


def decode_list(sent: bytes) -> str:
    """Read the bytes of a file. Raises `Refused` where it is no text or too large."""
    if len(sent) > MOST_BYTES:
        raise Refused(
            _("This file is too large. Send a list of at most %(most)s people at once.")
            % {"most": MOST}
        )
    # A spreadsheet’s “Unicode text” begins with one of these two marks.
    is_wide = sent[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        text = sent.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise Refused(
            _(
                "This file can’t be read. Save the list as “CSV UTF-8” and send it "
                "again, or paste the lines below."
            )
        )
    return text


def read_list(text: str, *, language: str) -> InvitationList:
    """Read the people of a list. `language`: of who has none. Raises `Refused` where it
    is empty or too long."""
    rows = list(iterate_rows(text))
    columns = find_columns(rows[0][2]) if rows else {}
    lines = rows[1:] if columns else rows
    if not lines:
        raise Refused(_("There is no one on this list."))
    if len(lines) > MOST:
        raise Refused(
            _("There are %(count)s people on this list. Send at most %(most)s at once.")
            % {"count": len(lines), "most": MOST}
        )
    people: list[ListedPerson] = []
    problems: list[ListProblem] = []
    seen: dict[str, int] = {}
    for number, said, cells in lines:
        try:
            person = read_person(number, said, cells, columns, language)
            require_once(person, seen)
        except Refused as reason:
            problems.append(ListProblem(number, said, str(reason)))
        else:
            people.append(person)
    return InvitationList(people, problems)


def iterate_rows(text: str) -> Iterator[tuple[int, str, list[str]]]:
    """Yield each line that holds something: its number, itself, its cells."""
    lines = text.splitlines()
    between = choose_delimiter(lines)
    # Each line by itself: a quotation mark that is never closed would else take in all
    # that follows, and one wrong line would be the whole list.
    for number, line in enumerate(lines, 1):
        [cells] = list(
            csv.reader(io.StringIO(line), delimiter=between, skipinitialspace=True)
        ) or [[]]
        cells = [cell.strip().strip("\u200e\u200f\u202a\u202c\ufeff") for cell in cells]
        if any(cells):
            yield number, line.strip(), cells


def choose_delimiter(lines: Sequence[str]) -> str:
    """Choose what most lines are split by: a comma, a semicolon or a tab."""
    # By the most lines, and not by the first: names hold commas too.
    return max(",;\t", key=lambda mark: sum(mark in line for line in lines))


def find_columns(cells: Sequence[str]) -> dict[str, int]:
    """Find which column is which by a line of headings; empty where it is none."""
    found: dict[str, int] = {}
    for at, cell in enumerate(cells):
        for column, names in HEADINGS.items():
            if cell.casefold().rstrip(":") in names:
                found.setdefault(column, at)
    return found if "address" in found else {}


def read_person(
    number: int, said: str, cells: Sequence[str], columns: Mapping[str, int], usual: str
) -> ListedPerson:
    """Read one line; without headings, by what each cell looks like. Raises
    `Refused`."""

    def get_cell(column: str) -> str:
        at = columns.get(column, len(cells))
        return cells[at] if at < len(cells) else ""

    if columns:
        address, name, spoken = map(get_cell, ("address", "name", "language"))
    else:
        address = next((cell for cell in cells if "@" in cell), "")
        rest = [cell for cell in cells if cell and cell != address]
        spoken = next((cell for cell in rest if find_language(cell)), "")
        name = next((cell for cell in rest if cell != spoken), "")
    return ListedPerson(
        number, check_address(address), name[:150], choose_language(spoken, usual), said
    )


def check_address(address: str) -> str:
    """Check an e-mail address, and return it as accounts have it."""
    if not address:
        raise Refused(_("There is no e-mail address on this line."))
    try:
        validate_email(address)
    except ValidationError:
        reason = _("“%(said)s” is not an e-mail address.") % {"said": address}
        raise Refused(reason) from None
    return address.lower()


def choose_language(said: str, usual: str) -> str:
    if not said:
        return usual
    found = find_language(said)
    if found is None:
        known = format_list(code for code, _name in languages.list_languages())
        raise Refused(
            _("“%(said)s” is not a language of these pages: write one of %(known)s.")
            % {"said": said, "known": known}
        )
    return found


def find_language(said: str) -> str | None:
    """Find a language by its code or its own name."""
    for code, name in languages.list_languages():
        if said.casefold() in (code, name.casefold()):
            return code
    return None


def require_once(person: ListedPerson, seen: dict[str, int]) -> None:
    # The first counts, whatever name the second has: one person has one place.
    first = seen.setdefault(person.address, person.line)
    if first != person.line:
        raise Refused(_("This address is already on line %(line)s.") % {"line": first})
