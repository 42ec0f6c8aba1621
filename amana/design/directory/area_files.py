"""Areas as a file describes them, checked as one tree and compared with those here.

Which column of a file is what, `exchange.areas` knows; `actions.load_areas` loads."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from amana.design.directory.area_records import AreaFault, AreaRecord
from amana.design.directory.models import Area

LONGEST_CODE = Area._meta.get_field("code").max_length or 0
LONGEST_NAME = 120
LONGEST_PATH = Area._meta.get_field("path").max_length or 0


@dataclass(frozen=True)
class AreaPlan:
    """What loading a file would do."""

    records: Sequence[AreaRecord]
    """Those above come before their parts."""
    faults: Sequence[AreaFault]
    new: int = 0
    changed: int = 0
    same: int = 0
    left_out: Sequence[str] = ()
    """Codes of areas of the same country and levels that the file doesn't name."""


# -- one tree --------------------------------------------------------------------------


def plan_areas(records: Iterable[AreaRecord]) -> AreaPlan:
    """Check the areas of a file as a tree, and compare them with those that are
    here."""
    records = list(records)
    known = {area.code: area for area in Area.objects.all()}
    faults = list(check_records(records, known))
    if faults:
        return AreaPlan(records, faults)
    sort = list(iterate_completed(sort_areas(records), known))
    faults = [check_point(record) for record in sort if not record.has_point]
    if faults:
        return AreaPlan(records, faults)
    paths = dict(iterate_paths(sort, known))
    for record in sort:
        if len(paths[record.code]) > LONGEST_PATH:
            what = _("The codes of all areas around it are too long together.")
            faults.append(AreaFault(record.where, _("Code"), what))
    counts = Counter(compare_area(record, paths, known) for record in sort)
    return AreaPlan(
        sort,
        faults,
        new=counts["new"],
        changed=counts["changed"],
        same=counts["same"],
        left_out=list_left_out(paths, known),
    )


def check_records(
    records: Sequence[AreaRecord], known: Mapping[str, Area]
) -> Iterator[AreaFault]:
    first: dict[str, AreaRecord] = {}
    for record in records:
        yield from check_record(record)
        if record.code in first:
            what = _("The code “%(code)s” appears twice: also in %(other)s.")
            what %= {"code": record.code, "other": first[record.code].where}
            yield AreaFault(record.where, _("Code"), what)
        first.setdefault(record.code, record)
    yield from check_tree(first, known)
    if not records:
        yield AreaFault(_("The file"), "", _("It holds no areas."))


def check_record(record: AreaRecord) -> Iterator[AreaFault]:
    if not record.code:
        yield AreaFault(record.where, _("Code"), _("The code is empty."))
    elif len(record.code) > LONGEST_CODE or "/" in record.code:
        what = _("“%(code)s” is no code: it is too long, or has a slash.")
        yield AreaFault(record.where, _("Code"), what % {"code": record.code[:60]})
    names = list(filter(None, record.names.values()))
    if not names:
        yield AreaFault(record.where, _("Name"), _("It has a name in no language."))
    for name in names:
        if len(name) > LONGEST_NAME:
            what = _("The name “%(name)s…” is longer than 120 characters.")
            yield AreaFault(record.where, _("Name"), what % {"name": name[:40]})


def check_tree(
    by_code: Mapping[str, AreaRecord], known: Mapping[str, Area]
) -> Iterator[AreaFault]:
    """Check that each area above one is in the file or here, and that none is in
    itself."""
    for record in by_code.values():
        above = record.above
        if above and above not in by_code and above not in known:
            what = _("The area above it, “%(code)s”, is neither in the file nor here.")
            yield AreaFault(record.where, _("Area above"), what % {"code": above[:60]})
        elif above in by_code and not is_below(record, by_code[above]):
            what = _("It has level %(level)s, and is in an area of level %(above)s.")
            levels = {"level": record.level, "above": by_code[above].level}
            yield AreaFault(record.where, _("Level"), what % levels)
        elif is_in_itself(record, by_code) or is_part_here(record, by_code, known):
            what = _("It is in itself: “%(code)s” leads back to it.")
            yield AreaFault(record.where, _("Area above"), what % {"code": above})


def is_part_here(
    record: AreaRecord, by_code: Mapping[str, AreaRecord], known: Mapping[str, Area]
) -> bool:
    """Return whether the area above it is a part of it here, and stays so."""
    above = record.above
    while above in by_code and above != record.code:
        above = by_code[above].above
    return above in known and above not in by_code and record.code in known[above].codes


def is_below(record: AreaRecord, above: AreaRecord) -> bool:
    if record.level is None or above.level is None:
        return True
    return record.level > above.level


def is_in_itself(record: AreaRecord, by_code: Mapping[str, AreaRecord]) -> bool:
    seen, above = {record.code}, record.above
    while above in by_code:
        if above in seen:
            return True
        seen.add(above)
        above = by_code[above].above
    return False


def sort_areas(records: Sequence[AreaRecord]) -> list[AreaRecord]:
    """Sort the areas so that each comes after the one that it is in."""
    by_code = {record.code: record for record in records}

    def count_above(record: AreaRecord) -> int:
        depth = 0
        while record.above in by_code:
            depth, record = depth + 1, by_code[record.above]
        return depth

    return sorted(records, key=lambda record: (count_above(record), record.code))


def iterate_completed(
    records: Iterable[AreaRecord], known: Mapping[str, Area]
) -> Iterator[AreaRecord]:
    """Yield each area with what is here already and the file doesn't have; without any
    point, with that of the area around it."""
    done: dict[str, AreaRecord] = {}
    for record in records:
        here = known.get(record.code)
        if here:
            # A sheet in one language is no decision against names in the others.
            written = {code: name for code, name in record.names.items() if name}
            record = replace(record, names=here.names | written)
        if record.geometry is None:
            record = replace(record, geometry=here.geometry if here else {})
        if not record.has_point and here:
            record = replace(record, lat=here.lat, lon=here.lon)
        if not record.has_point and (around := done.get(record.above)):
            record = replace(record, lat=around.lat, lon=around.lon)
        if not record.has_point and (above := known.get(record.above)):
            record = replace(record, lat=above.lat, lon=above.lon)
        done[record.code] = record
        yield record


def check_point(record: AreaRecord) -> AreaFault:
    what = _("It has neither a point nor a shape, and nor has the area around it.")
    return AreaFault(record.where, _("Shape"), what)


def iterate_paths(
    records: Iterable[AreaRecord], known: Mapping[str, Area]
) -> Iterator[tuple[str, str]]:
    """Yield each code with the codes from the country down to it."""
    paths = {code: area.path for code, area in known.items()}
    for record in records:
        paths[record.code] = (
            f"{paths[record.above] if record.above else ''}{record.code}/"
        )
        yield record.code, paths[record.code]


def compare_area(
    record: AreaRecord, paths: Mapping[str, str], known: Mapping[str, Area]
) -> str:
    area = known.get(record.code)
    if area is None:
        return "new"
    same = (
        area.names == record.names
        and area.path == paths[record.code]
        and (area.lat, area.lon) == (record.lat, record.lon)
        and area.geometry == record.geometry
        and area.left_out_at is None
    )
    return "same" if same else "changed"


def list_left_out(paths: Mapping[str, str], known: Mapping[str, Area]) -> list[str]:
    """List areas that are here and not in the file, though it has their country and
    others of their level."""
    countries = {path.split("/")[0] for path in paths.values()}
    levels = {path.count("/") - 1 for path in paths.values()}
    return sorted(
        code
        for code, area in known.items()
        if code not in paths
        and area.codes[0] in countries
        and area.level in levels
        and area.left_out_at is None
    )
