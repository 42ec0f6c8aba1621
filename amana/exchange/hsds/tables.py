"""A tabular HSDS package (a zip or a folder of CSV files) as the nested services that
the JSON form has. Rows whose links lead nowhere are reported, never dropped."""

import csv
import io
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from django.utils.translation import gettext as _

from amana.errors import Unreadable
from amana.exchange.rows import MisplacedPart
from amana.exchange.sources.zips import LARGEST, read_bounded

Table = list[tuple[str, dict[str, str]]]
"""Each row with its place in the package."""

MOST_LINES = 300_000
PARTS = {
    "phones": "phones",
    "schedules": "schedules",
    "languages": "languages",
    "service_areas": "service_areas",
    "cost_options": "cost_options",
    "required_documents": "required_documents",
    "service_capacities": "capacities",
    "funding": "funding",
}
"""Tables whose rows belong to a service by `service_id`, and where they are nested."""

LIST_NAMES = {"funding", "accessibility", "metadata"}


def read_tables(blob: bytes) -> dict[str, Table]:
    """Read the tables of a zipped package, by name. Raises `Unreadable`."""
    try:
        package = zipfile.ZipFile(io.BytesIO(blob))
    except zipfile.BadZipFile as error:
        raise Unreadable(_("the file"), _("It is not a zip file.")) from error
    inside = [entry for entry in package.infolist() if entry.filename.endswith(".csv")]
    found, left, lines = {}, LARGEST, MOST_LINES
    for entry in inside:
        blob = read_bounded(package, entry, left)
        left, lines = left - len(blob), lines - blob.count(b"\n")
        if lines < 0:
            raise Unreadable(_("the file"), _("It has more than 300,000 lines."))
        name = PurePosixPath(entry.filename).name
        found[normalise_table_name(entry.filename)] = parse_rows(name, blob)
    return found


def read_folder(folder: Path) -> dict[str, Table]:
    """Read the tables of an unpacked package, by name."""
    return {
        normalise_table_name(path.name): parse_rows(path.name, path.read_bytes())
        for path in sorted(folder.glob("*.csv"))
    }


def normalise_table_name(file: str) -> str:
    """Normalise the name of a table: `service.csv` and `services.csv` are one, because
    older packages differ."""
    stem = PurePosixPath(file).stem.lower()
    if stem in LIST_NAMES or stem.endswith("s"):
        return stem
    return stem[:-1] + "ies" if stem.endswith("y") else stem + "s"


def parse_rows(file: str, blob: bytes) -> Table:
    try:
        text = blob.decode("utf-8-sig")
        # Strict: a quote that is never closed is an error, and no field that swallows
        # the rest of the file.
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        return [
            (
                _("%(file)s, row %(row)s") % {"file": file, "row": number},
                {
                    key: (value or "").strip()
                    for key, value in row.items()
                    if isinstance(key, str) and isinstance(value, str | None)
                },
            )
            for number, row in enumerate(reader, start=2)
        ]
    except (UnicodeDecodeError, csv.Error) as error:
        raise Unreadable(file, str(error)) from error


def nest_services(
    tables: Mapping[str, Table],
) -> Iterator[tuple[str, dict[str, object]] | MisplacedPart]:
    """Build each service with all that belongs to it, and report each row that belongs
    nowhere. Raises `Unreadable` without a table of services."""
    if "services" not in tables:
        raise Unreadable(_("the package"), _("It has no table of services."))
    organisations = map_rows(tables, "organizations")
    locations = map_rows(tables, "locations")
    services = map_rows(tables, "services")
    nest_phones(tables, organisations, "organization_id")
    nest_phones(tables, locations, "location_id")
    for where, row in add_to_locations(tables, locations):
        yield MisplacedPart(where, _("It belongs to no location in the package."), row)
    at_locations = group_by_link(tables, "service_at_locations", "service_id")
    parts = {name: group_by_link(tables, name, "service_id") for name in PARTS}
    at_links = group_by_link(tables, "phones", "service_at_location_id")
    attributes = map_attributes(tables)
    for where, row in tables["services"]:
        service: dict[str, Any] = {key: value for key, value in row.items() if value}
        organisation = organisations.get(row.get("organization_id", ""))
        if organisation:
            service["organization"] = organisation
        for name, nest in PARTS.items():
            service[nest] = [part for _place, part in parts[name][row.get("id", "")]]
        service["service_at_locations"] = [
            {
                **link,
                "location": locations.get(link.get("location_id", ""), {}),
                "phones": [
                    p for _at, p in at_links[link.get("id", "")] if link.get("id")
                ],
            }
            for _place, link in at_locations[row.get("id", "")]
        ]
        service["attributes"] = attributes[row.get("id", "")]
        yield where, service
    yield from iterate_strays(tables, services)


def nest_phones(
    tables: Mapping[str, Table], holders: dict[str, dict[str, Any]], link: str
) -> None:
    """Add the telephones to their organisation or place, where they name no service."""
    for _where, row in tables.get("phones", []):
        holder = holders.get(row.get(link, ""))
        if holder is not None and not row.get("service_id"):
            holder.setdefault("phones", []).append(row)


def map_rows(tables: Mapping[str, Table], name: str) -> dict[str, dict[str, object]]:
    return {
        row["id"]: {key: value for key, value in row.items() if value}
        for _where, row in tables.get(name, [])
        if row.get("id")
    }


def group_by_link(
    tables: Mapping[str, Table], name: str, link: str
) -> defaultdict[str, Table]:
    groups: defaultdict[str, Table] = defaultdict(list)
    for where, row in tables.get(name, []):
        groups[row.get(link, "")].append((where, row))
    return groups


def add_to_locations(
    tables: Mapping[str, Table], locations: dict[str, dict[str, Any]]
) -> Table:
    """Add addresses and accessibility to their locations. Returns the rows left
    over."""
    stray = []
    for name, nest in (("addresses", "addresses"), ("accessibility", "accessibility")):
        for where, row in tables.get(name, []):
            location = locations.get(row.get("location_id", ""))
            if location is None:
                stray.append((where, row))
            else:
                location.setdefault(nest, []).append(row)
    return stray


def map_attributes(
    tables: Mapping[str, Table],
) -> defaultdict[str, list[dict[str, object]]]:
    terms = map_rows(tables, "taxonomy_terms")
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for _where, row in tables.get("attributes", []):
        term = terms.get(row.get("taxonomy_term_id", ""), {})
        found[row.get("link_id", "")].append({**row, "taxonomy_term": term})
    return found


def iterate_strays(
    tables: Mapping[str, Table], services: Mapping[str, Any]
) -> Iterator[MisplacedPart]:
    """Report rows that name a service which the package lacks, or name none at all."""
    for name in ("service_at_locations", *PARTS):
        for where, row in tables.get(name, []):
            said = row.get("service_id", "")
            elsewhere = any(
                row.get(link)
                for link in (
                    "organization_id",
                    "location_id",
                    "service_at_location_id",
                    "contact_id",
                    "phone_id",
                )
            )
            if said and said not in services:
                yield MisplacedPart(
                    where, _("The service it names is not in the package."), row
                )
            elif not said and (name == "service_at_locations" or not elsewhere):
                yield MisplacedPart(where, _("It names no service."), row)
