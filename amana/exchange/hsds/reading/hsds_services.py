"""Services of an HSDS file as rows."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from amana.design.directory.codes import is_language
from amana.design.directory.hours import WEEK, Span
from amana.design.directory.taxonomy import CapacityUnit
from amana.exchange.hsds import NONE, SWITCHES, TAXONOMY, package
from amana.exchange.rows import (
    CODES,
    MisplacedPart,
    ServiceRow,
    ServiceValues,
    read_names,
)
from amana.exchange.sources.values import (
    DAY,
    DAYS,
    EMAIL,
    NO_VOICE,
    find_language_code,
    format_phone,
    is_web_address,
    parse_clock,
    parse_moment,
    parse_number,
    read_text,
    shorten_text,
)

STATUS = {
    "active": "active",
    "inactive": "paused",
    "temporarily closed": "paused",
    "defunct": "ended",
}


Found = ServiceRow | MisplacedPart

type Part = Mapping[str, Any]
"""A service, or what belongs to it, as the file has it."""


def read(file: bytes | Path, *, by: int | None = None) -> Iterator[Found]:
    """Read every service of a file or folder. Raises `Unreadable` when it isn't HSDS. A
    file is unpacked in a process of its own; `by` is the key of the person who sent
    it."""
    seen: set[str] = set()
    for found in package.iterate_services(file, by):
        if isinstance(found, MisplacedPart):
            yield found
            continue
        where, service = found
        row = read_service(where, service)
        if isinstance(row, ServiceRow) and row.origin_id in seen:
            yield MisplacedPart(where, _("This id appears twice."), service)
            continue
        if isinstance(row, ServiceRow):
            seen.add(row.origin_id)
        yield row


def read_service(where: str, service: Mapping[str, object]) -> Found:
    name, origin_id = read_text(service, "name"), read_text(service, "id")
    if not origin_id:
        return MisplacedPart(where, _("It has no id."), service)
    if not name:
        return MisplacedPart(where, _("It has no name."), service)
    organisation = read_organisation(service)
    if not organisation:
        return MisplacedPart(where, _("Its organisation is missing."), service)
    values: ServiceValues = {
        "name": name,
        "description": read_text(service, "description"),
    }
    values |= read_names(service)
    remarks: list[str] = []
    for step in STEPS:
        found, said = step(service)
        values |= found
        remarks += said
    cost = read_text(service, "fees_description") or read_text(service, "fees")
    if cost:
        values = {"costs": True} | values | {"cost_note": shorten_text(cost, 200)}
    if read_text(service, "eligibility_description"):
        values["conditions"] = read_text(service, "eligibility_description")
    page = read_text(service, "url")
    if is_web_address(page):
        values["website"] = page
    elif page:
        remarks.append(
            _("“%(page)s” is not the address of a web page, or is too long.")
            % {"page": page}
        )
    own_area = str(values.pop("area", ""))
    if not own_area:
        remarks += list_areas_served(service)
    return ServiceRow(
        where=where,
        origin_id=origin_id,
        organisation=organisation,
        values=values,
        area=own_area or read_area(service),
        remarks=tuple(remarks),
    )


def list_areas_served(service: Part) -> list[str]:
    return [
        _("It serves: %(area)s") % {"area": read_text(area, "name")}
        for area in read_list(service, "service_areas")
        if read_text(area, "name")
    ]


def read_list(thing: Part, key: str) -> list[Part]:
    said = thing.get(key)
    return (
        [part for part in said if isinstance(part, dict)]
        if isinstance(said, list)
        else []
    )


def read_organisation(service: Mapping[str, object]) -> str:
    organisation = service.get("organization")
    return read_text(organisation, "name") if isinstance(organisation, dict) else ""


type Step = tuple[ServiceValues, list[str]]


def read_contacts(service: Mapping[str, object]) -> Step:
    """Read the telephone on which people speak, of the service itself, else of its
    place or organisation; and the e-mail address of the service."""
    found: ServiceValues = {}
    numbers = list(
        dict.fromkeys(filter(None, map(format_phone, iterate_phones(service))))
    )
    if numbers:
        found["phone"] = shorten_text(numbers[0], 60)
    remarks = [
        _("It has another telephone number: %(phone)s") % {"phone": n}
        for n in numbers[1:]
    ]
    email = read_text(service, "email")
    if EMAIL.fullmatch(email):
        found["email"] = email
    elif email:
        remarks.append(_("“%(email)s” is not an e-mail address.") % {"email": email})
    return found, remarks


def iterate_phones(service: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """Iterate the telephones, the nearest first. In older versions of HSDS
    `iterate_phones` are
    also at the link to a place."""
    at_places = read_list(service, "service_at_locations")
    organisation = service.get("organization")
    holders = [service, *at_places, *list_locations(service)]
    if isinstance(organisation, dict):
        holders.append(organisation)
    for holder in holders:
        speaking = [
            phone
            for phone in read_list(holder, "phones")
            if read_text(phone, "type").lower() not in NO_VOICE
        ]
        if any(map(format_phone, speaking)):
            yield from speaking
            return


def read_status(service: Mapping[str, object]) -> Step:
    said = read_text(service, "status").lower()
    if said in STATUS:
        return {"status": STATUS[said]}, []
    if not said:
        return {}, [_("Its status is missing.")]
    return {}, [_("Its status “%(said)s” is not an HSDS status.") % {"said": said}]


def read_ages(service: Part) -> Step:
    found: ServiceValues = {}
    remarks = []
    for key, name in (("minimum_age", "age_min"), ("maximum_age", "age_max")):
        said = read_text(service, key)
        if not said:
            continue
        try:
            age = int(float(said))
        except (ValueError, OverflowError):
            remarks.append(_("“%(key)s” is not a number.") % {"key": key})
            continue
        if 0 <= age <= 150:
            found[name] = age
        else:
            remarks.append(_("“%(key)s” is not an age.") % {"key": key})
    if found.get("age_min", 0) > found.get("age_max", 150):
        return {}, [*remarks, _("Its youngest age is above its oldest.")]
    return found, remarks


def read_languages(service: Mapping[str, object]) -> Step:
    """Read the codes of ISO 639. Names in English are looked up; an unknown one becomes
    a remark."""
    codes, remarks = set(), []
    for said in read_list(service, "languages"):
        word = read_text(said, "code") or read_text(said, "name")
        code = word if is_language(word) else find_language_code(word)
        if code:
            codes.add(code)
        elif word:
            remarks.append(_("The language “%(word)s” is not known.") % {"word": word})
    return ({"languages": sorted(codes)} if codes else {}), remarks


def read_hours(service: Part) -> Step:
    """Read the weekly opening hours, as minutes since Monday 0:00."""
    spans, remarks = set(), []
    for schedule in read_list(service, "schedules"):
        if read_text(schedule, "freq") not in ("", "WEEKLY"):
            continue
        start, end = (
            parse_clock(read_text(schedule, "opens_at")),
            parse_clock(read_text(schedule, "closes_at")),
        )
        days = [
            DAYS.get(day.strip().upper())
            for day in read_text(schedule, "byday").split(",")
        ]
        if start is None or end is None or None in days or not days:
            remarks.append(_("Part of its opening hours is unclear."))
            continue
        # A span that ends before it starts ends on the next day.
        long = end - start if end > start else end - start + DAY
        spans |= {
            (d * DAY + start, d * DAY + start + long) for d in days if d is not None
        }
    hours = [list(span) for span in join_days(spans)]
    return ({"hours": hours} if hours else {}), remarks


def join_days(spans: Iterable[Span]) -> list[Span]:
    """Join what is open for whole days on end: day and night is one span."""
    listed = sorted(spans)
    times = Counter(start for start, _end in listed)
    # Of two that begin together, neither goes on in the other.
    others = [span for span in listed if times[span[0]] > 1]
    ends = {start: end for start, end in listed if times[start] == 1}
    for start in sorted(ends):
        if start not in ends:
            continue
        end = ends[start]
        last = end - start
        while last == DAY and end - start < WEEK and end % WEEK in ends:
            following = end % WEEK
            if following == start:
                break
            last = ends.pop(following) - following
            end += last
        ends[start] = end
    return sorted([*ends.items(), *others])


def list_locations(service: Part) -> list[Part]:
    return [
        link["location"]
        for link in read_list(service, "service_at_locations")
        if isinstance(link.get("location"), dict) and link["location"]
    ]


def read_place(service: Mapping[str, object]) -> Step:
    found: ServiceValues = {}
    remarks = []
    several = list_locations(service)
    if len(several) > 1:
        remarks.append(_("It has several locations; the first one is used."))
    for location in several[:1]:
        lat, lon = (
            parse_number(location.get("latitude")),
            parse_number(location.get("longitude")),
        )
        if lat is None or lon is None:
            remarks.append(_("Its location has no coordinates."))
        elif -90 <= lat <= 90 and -180 <= lon <= 180:
            found |= {"lat": lat, "lon": lon}
        elif -90 <= lon <= 90 and -180 <= lat <= 180:
            remarks.append(_("Its coordinates look swapped, so they are left out."))
        else:
            remarks.append(_("Its coordinates are not on the globe."))
        for address in read_list(location, "addresses")[:1]:
            lines = [
                read_text(address, key) for key in ("address_1", "address_2", "city")
            ]
            found["address"] = ", ".join(filter(None, lines))
    return found, remarks


def read_area(service: Mapping[str, object]) -> str:
    for location in list_locations(service):
        for address in read_list(location, "addresses"):
            for key in ("region", "state_province", "city"):
                if read_text(address, key):
                    return read_text(address, key)
    return ""


def read_capacity(service: Mapping[str, object]) -> Step:
    for said in read_list(service, "capacities"):
        free, total = (
            parse_number(said.get("available")),
            parse_number(said.get("maximum")),
        )
        when = parse_moment(read_text(said, "updated"))
        if free is None or free < 0 or (total is not None and free > total):
            return {}, [_("Its number of places free is not valid, so it is left out.")]
        found: ServiceValues = {
            "counts_places": True,
            "places_free": int(free),
            "places_total": int(total if total is not None else free),
        }
        unit = said.get("unit")
        if isinstance(unit, dict) and read_text(unit, "name") in CapacityUnit.values:
            found["unit"] = read_text(unit, "name")
        # The directory shows since when a count is known; one without its time would be
        # shown as of today.
        if when is None:
            return {}, [
                _(
                    "The date on which its places were counted is missing, so "
                    "the count is left out."
                )
            ]
        return found | {"places_said_at": when}, []
    return {}, []


def read_verified(service: Mapping[str, object]) -> Step:
    said = read_text(service, "assured_date")
    if not said:
        return {}, []
    try:
        on = date.fromisoformat(said)
    except ValueError:
        return {}, [_("Its assured date is not a valid date.")]
    return {}, [_("Its publisher confirmed it on %(on)s.") % {"on": on.isoformat()}]


def read_own_attributes(service: Part) -> Step:
    """Read what we export as attributes of our own vocabulary."""
    found: ServiceValues = {}
    for attribute in read_list(service, "attributes"):
        term = attribute.get("taxonomy_term")
        if not isinstance(term, dict) or read_text(term, "taxonomy") != TAXONOMY:
            continue
        name, colon, value = read_text(term, "code").partition(":")
        if not colon:
            value = read_text(attribute, "value")
        if value == NONE and name in (*CODES, "hours"):
            found[name] = []
        elif name in CODES:
            found[name] = sorted({*found.get(name, []), value})
        elif name in (*SWITCHES, "accepts_referrals"):
            found[name] = {"true": True, "false": False}.get(value, value)
        else:
            found[name] = value
    return found, []


STEPS = (
    read_status,
    read_ages,
    read_languages,
    read_hours,
    read_place,
    read_contacts,
    read_capacity,
    read_verified,
    read_own_attributes,
)
"""What is read of a service one after the other, with what a person should know."""
