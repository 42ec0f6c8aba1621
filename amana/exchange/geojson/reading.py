"""A GeoJSON service map, feature by feature, through a mapping."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amana import confined
from amana.errors import Unreadable
from amana.exchange.geojson.mapping import (
    Feature,
    FeatureMapping,
    get_value,
    iterate_values,
)
from amana.exchange.rows import (
    CODES,
    MisplacedPart,
    ServiceRow,
    ServiceValues,
    pack_rows,
    read_names,
    unpack_rows,
)

CLOCK = re.compile(r"(\d{1,2}):(\d{2})\s*(am|pm)?", re.IGNORECASE)
DAY = 24 * 60
LIMITS = confined.Limits(memory=512, seconds=10, answer=32)
MOST = 50_000


def read(
    text: bytes, reading: FeatureMapping, *, by: int | None = None
) -> Iterator[ServiceRow | MisplacedPart]:
    """Read every feature of the file, in its order. Raises `Unreadable` when it isn't
    GeoJSON. It is opened in a process of its own; `by` is the id of the person who sent
    it.
    """
    work, language = "amana.exchange.geojson.reading:unpack", get_language() or "en"
    features = confined.run_confined(
        work, text, parse_features, by=by, limits=LIMITS, language=language
    )
    # Counted over the whole file first: an id that is used for several services says so
    # in the remarks of each.
    ids = Counter(get_identity(f, reading)[0] for f in features if isinstance(f, dict))
    seen: set[str] = set()
    for number, feature in enumerate(features, start=1):
        row = read_feature(feature, f"feature {number}", reading, ids)
        if isinstance(row, ServiceRow):
            if row.origin_id in seen:
                yield MisplacedPart(
                    row.where, _("The same service appears twice."), feature
                )
                continue
            seen.add(row.origin_id)
        yield row


def parse_features(answer: bytes) -> list[Any]:
    # The limit is checked on this side too: the other process has read a hostile file.
    return list(unpack_rows(answer, most=MOST))


def unpack(text: bytes) -> bytes:
    """Unpack the features as lines of JSON: the work of the other process."""
    return pack_rows(lambda: read_features(text), most=MOST)


def read_features(text: bytes) -> list[object]:
    try:
        said = json.loads(text.decode("utf-8-sig"))
    # Python's parser raises RecursionError for JSON that is nested too deeply.
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise Unreadable(
            "the file", _("It is not JSON: %(error)s") % {"error": error}
        ) from error
    if not isinstance(said, dict) or said.get("type") != "FeatureCollection":
        raise Unreadable("the file", _("It is not a GeoJSON FeatureCollection."))
    features = said.get("features")
    if not isinstance(features, list):
        raise Unreadable("features", _("The collection has no list of features."))
    if len(features) > MOST:
        raise Unreadable("features", _("The collection has more than 50,000 features."))
    return features


def get_identity(feature: Feature, reading: FeatureMapping) -> tuple[str, str]:
    """Get the id as published, and the key that tells its services apart."""
    parts = [str(get_value(feature, path) or "") for path in reading.identity]
    return parts[0], "/".join(parts)


def read_feature(
    feature: object, where: str, reading: FeatureMapping, ids: Counter[str]
) -> ServiceRow | MisplacedPart:
    if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
        return MisplacedPart(where, _("It has no properties."), {"feature": feature})
    published, origin_id = get_identity(feature, reading)
    organisation = str(get_value(feature, reading.organisation) or "").strip()
    if not published:
        return MisplacedPart(where, _("It has no id."), feature)
    if not organisation:
        return MisplacedPart(where, _("Its organisation is missing."), feature)
    values, remarks = dict(reading.defaults), []
    values |= read_names(feature["properties"])
    for name, path in reading.copy.items():
        values[name] = str(get_value(feature, path) or "").strip()
    if not values.get("name"):
        return MisplacedPart(where, _("It has no name."), feature)
    if ids[published] > 1:
        remarks.append(
            _("The id %(id)s appears %(times)s times.")
            % {"id": published, "times": ids[published]}
        )
    for step in (map_codes, collect_lines, read_dates, read_hours, read_point):
        found, said = step(feature, reading)
        values |= found
        remarks += said
    # How to refer is kept only of services to which one can refer.
    if values.get("accepts_referrals") is False:
        values.pop("referral_method", None)
    return ServiceRow(
        where=where,
        origin_id=origin_id,
        organisation=organisation,
        within=values.pop("within", ""),
        values=values,
        area=str(get_value(feature, reading.area) or "").strip(),
        remarks=tuple(remarks),
    )


type Step = tuple[ServiceValues, list[str]]


def map_codes(feature: Feature, reading: FeatureMapping) -> Step:
    """Map values that the mapping knows to fields; the others are remarked."""
    found: ServiceValues = {}
    remarks = []
    for path, known in reading.values.items():
        for value in iterate_values(feature["properties"].get(path)):
            if value not in known:
                remarks.append(
                    _(
                        "“%(path)s” has the value “%(value)s”, which is not in the "
                        "mapping."
                    )
                    % {"path": path, "value": value}
                )
                continue
            for name, is_now in known[value].items():
                if name == "remark":
                    remarks.append(is_now)
                elif isinstance(is_now, list) and name in CODES:
                    found[name] = sorted({*found.get(name, []), *is_now})
                else:
                    found[name] = is_now
    return found, remarks


def collect_lines(feature: Feature, reading: FeatureMapping) -> Step:
    """Collect text fields to which the values of a property are added, one a line."""
    found = {}
    for name, path in reading.listed.items():
        lines = [line for line in iterate_values(get_value(feature, path)) if line]
        if lines:
            before = str(get_value(feature, reading.copy.get(name, "")) or "").strip()
            found[name] = "\n".join(filter(None, [before, *lines]))
    return found, []


def read_dates(feature: Feature, reading: FeatureMapping) -> Step:
    found, remarks = {}, []
    for name, path in reading.dates.items():
        said = get_value(feature, path)
        if not said:
            continue
        try:
            found[name] = date.fromisoformat(str(said))
        except ValueError:
            remarks.append(
                _("“%(path)s” is not a date: %(said)s.") % {"path": path, "said": said}
            )
    return found, remarks


def read_hours(feature: Feature, reading: FeatureMapping) -> Step:
    """Read opening hours, if days, opening and closing are all given and make sense."""
    if not reading.hours:
        return {}, []
    said = {
        part: list(iterate_values(get_value(feature, path)))
        for part, path in reading.hours.items()
    }
    opens = [m for m in map(parse_minute, said.get("opens", [])) if m is not None]
    closes = [m for m in map(parse_minute, said.get("closes", [])) if m is not None]
    days = sorted(
        {d for name in said.get("days", []) for d in reading.days.get(name, ())}
    )
    if not (opens and closes and days):
        return {}, []
    # Several pairs can't be told apart here: the earliest opening and the latest
    # closing hold for every day.
    start, end = min(opens), max(closes)
    if end <= start:
        return {}, [_("It closes before it opens, so its hours are left out.")]
    return {"hours": [[d * DAY + start, d * DAY + end] for d in days]}, []


def parse_minute(said: str) -> int | None:
    """Parse minutes since midnight; `13:00pm` is one in the afternoon, as it was
    meant.
    """
    found = CLOCK.search(said)
    if not found:
        return None
    hour, minutes, half = int(found[1]), int(found[2]), (found[3] or "").lower()
    if hour == 12 and half == "am":
        hour = 0
    elif half == "pm" and hour < 12:
        hour += 12
    return hour * 60 + minutes if hour < 24 and minutes < 60 else None


def read_point(feature: Feature, reading: FeatureMapping) -> Step:
    """Read the point, if there is one on the globe; never one that is nearly right."""
    geometry = feature.get("geometry")
    if not isinstance(geometry, dict) or geometry.get("type") != "Point":
        return {}, [_("It has no point on the map.")]
    said = geometry.get("coordinates")
    if (
        not isinstance(said, list)
        or len(said) < 2
        # `n == n` rules out NaN, which Python's JSON accepts.
        or not all(isinstance(n, int | float) and n == n for n in said[:2])
    ):
        return {}, [_("Its coordinates are not two numbers.")]
    lon, lat = said[:2]
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        return {}, [
            _("Its coordinates are not on the globe: %(lat)s, %(lon)s.")
            % {"lat": lat, "lon": lon}
        ]
    return {"lat": float(lat), "lon": float(lon)}, []
