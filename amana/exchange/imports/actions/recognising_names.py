"""Which organisations and areas the names in a file are: known ones, new ones, or ones
that a coordinator decides on, once for a name."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from amana.design.directory.models import Area
from amana.design.directory.placing import load_finder
from amana.errors import Refused
from amana.exchange.imports.actions.background import queue_step
from amana.exchange.imports.models import (
    Import,
    ImportName,
    ImportOutcome,
    ImportRowQuerySet,
    NameKind,
    NameResolution,
)
from amana.exchange.imports.rules import bring_services
from amana.exchange.sources.columns import fold_text
from amana.names import LANGUAGES
from amana.trust.access.models.organisations import Organisation, User
from amana.trust.audit import log

ALIKE = 88
"""Of 100: how like one another two names have to be, to ask whether they are one."""
SOURCES = {
    NameKind.ORGANISATION: "organisation",
    NameKind.MISSING: "missing",
    NameKind.AREA: "area",
}
"""The field of a row that has names of this kind."""


OPEN = (NameResolution.SIMILAR, NameResolution.UNKNOWN)
"""What a person decides on."""


NAMES = {f"name_{code}" for code in LANGUAGES}


@dataclass
class KnownNames:
    """Organisations, or areas, by their names."""

    exact: dict[str, int] = field(default_factory=dict)
    folded: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_digits: dict[str, dict[str, int]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    """Names with their words sorted, by the numbers in them: School 12 and School 13
    are two, however like their names are."""

    def add(self, key: int, *names: str) -> None:
        for name in filter(None, names):
            self.exact.setdefault(name, key)
            words = fold_text(name)
            self.folded[words].add(key)
            self.by_digits[find_digits(words)].setdefault(sort_words(words), key)

    def find_folded(self, name: str) -> int | None:
        """Find what is called so, whatever its accents and signs: none if two are."""
        found = self.folded.get(fold_text(name), set())
        return next(iter(found)) if len(found) == 1 else None

    def find_similar(self, name: str) -> int | None:
        words = fold_text(name)
        some = self.by_digits.get(find_digits(words), {})
        best = process.extractOne(
            sort_words(words), some.keys(), scorer=fuzz.ratio, score_cutoff=ALIKE
        )
        return some[best[0]] if best else None


def find_digits(words: str) -> str:
    return " ".join(word for word in words.split() if any(map(str.isdigit, word)))


def sort_words(words: str) -> str:
    return " ".join(sorted(words.split()))


def load_organisations() -> KnownNames:
    known = KnownNames()
    for key, name in Organisation.objects.order_by("pk").values_list("pk", "name"):
        known.add(key, name)
    return known


def load_areas() -> KnownNames:
    known = KnownNames()
    for area in Area.objects.for_choice():
        known.exact[area.code] = area.pk
        known.add(area.pk, *area.names.values())
    return known


# -- of a file -------------------------------------------------------------------------


def recognise_names(brought: Import) -> list[ImportName]:
    """Find what each name in the file most likely is; not saved. A translation says
    nothing of who offers a service: its names may be translated too."""
    first = brought.rows.exclude(origin_id="").first()
    if first is not None and is_translation(first.values):
        return []
    organisations = load_organisations()
    found = [
        *iterate_names(brought, NameKind.ORGANISATION, organisations),
        *iterate_names(brought, NameKind.MISSING, organisations),
    ]
    if count_names(brought, NameKind.AREA):
        found += iterate_names(brought, NameKind.AREA, load_areas())
    return found


def is_translation(values: Mapping[str, object]) -> bool:
    """Return whether a row holds the name of a service in another language alone."""
    return bool(values) and values.keys() <= NAMES


def count_names(brought: Import, kind: NameKind) -> Counter[str]:
    """Count how many services of the file have each name."""
    rows = find_named_rows(brought, kind).values_list(SOURCES[kind])
    return Counter(dict(rows.annotate(n=Count("pk")).order_by()))


def find_named_rows(brought: Import, kind: NameKind) -> ImportRowQuerySet:
    """Find the services of a file that have a name of this kind."""
    rows = brought.rows.exclude(origin_id="")
    if kind == NameKind.MISSING:
        # With those that name none at all.
        return rows.filter(organisation="")
    return rows.exclude(**{SOURCES[kind]: ""})


def iterate_names(
    brought: Import, kind: NameKind, known: KnownNames
) -> Iterator[ImportName]:
    counts = count_names(brought, kind)
    decided = find_decisions(brought, kind, counts)
    for name, rows in counts.most_common():
        found = ImportName(brought=brought, kind=kind, name=name, rows=rows)
        if name in decided:
            repeat_decision(found, decided[name], known)
        else:
            recognise(found, known)
        yield found


def find_decisions(
    brought: Import, kind: NameKind, names: Collection[str]
) -> dict[str, ImportName]:
    """Find what was decided last on these names in files of the same source."""
    earlier = ImportName.objects.filter(
        brought__origin=brought.origin, kind=kind, decided_at__isnull=False
    )
    return {said.name: said for said in earlier.order_by("decided_at")}


def repeat_decision(found: ImportName, before: ImportName, known: KnownNames) -> None:
    found.new_name = before.new_name
    if before.resolution == NameResolution.KNOWN:
        if before.organisation_id is None and before.area_id is None:
            recognise(found, known)  # what it was has been removed since
            return
        found.organisation_id, found.area_id = before.organisation_id, before.area_id
    elif before.resolution == NameResolution.NEW and found.called in known.exact:
        found.resolution, found.organisation_id = (
            NameResolution.KNOWN,
            known.exact[found.called],
        )
        return
    found.resolution = before.resolution


def recognise(found: ImportName, known: KnownNames) -> None:
    """Recognise a name on which no one has decided."""
    if found.kind == NameKind.MISSING:
        found.resolution = NameResolution.UNKNOWN
        return
    is_area = found.kind == NameKind.AREA
    key = known.exact.get(found.name)
    if is_area:
        named = load_finder().find_named(found.name)
        # Two districts may share a name: to guess would send people to the wrong one.
        key = named[0].pk if len(named) == 1 else None
    similar = known.find_similar(found.name) if key is None else None
    if key is not None:
        found.resolution = NameResolution.KNOWN
    elif similar is not None:
        key, found.resolution = similar, NameResolution.SIMILAR
    else:
        found.resolution = NameResolution.UNKNOWN if is_area else NameResolution.NEW
    if is_area:
        found.area_id = key
    else:
        found.organisation_id = key


def name_row(brought: Import, name: str) -> None:
    """Recognise the name of an organisation that a person has entered for a row."""
    known = load_organisations()
    if not brought.names.filter(kind=NameKind.ORGANISATION, name=name).exists():
        found = ImportName(
            brought=brought, kind=NameKind.ORGANISATION, name=name, rows=1
        )
        recognise(found, known)
        found.save()


# -- decided by a person ---------------------------------------------------------------


@transaction.atomic
def decide_names(
    brought: Import,
    names: Collection[ImportName],
    *,
    resolution: NameResolution,
    organisation: Organisation | None = None,
    area: Area | None = None,
    new_name: str = "",
    by: User,
) -> None:
    """Decide what names of one kind are: one in the directory (what each is proposed to
    be, unless another is given), new ones, or none. It holds for later files of the
    source. Raises `Refused` once the file is being imported."""
    bring_services.require(by, brought)
    require_open(brought)
    now = timezone.now()
    for name in names:
        name.resolution, name.decided_at, name.new_name = resolution, now, new_name
        if resolution != NameResolution.KNOWN:
            name.organisation = name.area = None
        elif organisation or area:
            name.organisation, name.area = organisation, area
        if resolution == NameResolution.KNOWN and not (
            name.organisation_id or name.area_id
        ):
            raise Refused(_("Nothing is proposed for “%s”.") % name.name)
    fields = ["resolution", "organisation", "area", "new_name", "decided_at"]
    ImportName.objects.bulk_update(names, fields, batch_size=500)
    for kind, said in group_names(names).items():
        rows = find_named_rows(brought, kind).filter(**{f"{SOURCES[kind]}__in": said})
        rows.update(outcome=ImportOutcome.WAITING, problem="")
    queue_step(brought)
    log.record(
        "decided on names of a file",
        brought,
        by=by,
        names=[name.pk for name in names],
        resolution=resolution,
    )


def require_open(brought: Import) -> None:
    if brought.asked_at or brought.taken_in_at:
        raise Refused(
            _(
                "This file is being imported, or has been. To decide otherwise, undo "
                "the import and upload the file again."
            )
        )


def group_names(names: Iterable[ImportName]) -> Mapping[NameKind, list[str]]:
    found: dict[NameKind, list[str]] = defaultdict(list)
    for name in names:
        found[NameKind(name.kind)].append(name.name)
    return found


@dataclass(frozen=True)
class NameCounts:
    """How many names of one kind a file has, and on how many a person has to decide."""

    kind: NameKind
    open: int
    rows: int
    """Services that have one of the open names."""
    others: int
    """Names that are new, left out or decided."""


def count_names_by_kind(brought: Import) -> list[NameCounts]:
    """Count the names of a file, by kind; of kinds of which all are known, none."""
    names = brought.names.exclude(resolution=NameResolution.KNOWN, decided_at=None)
    is_open = Q(resolution__in=OPEN)
    rows = names.values("kind").annotate(
        open=Count("pk", filter=is_open),
        rows=Coalesce(Sum("rows", filter=is_open), 0),
        others=Count("pk", filter=~is_open),
    )
    found = {row["kind"]: row for row in rows.order_by()}
    return [
        NameCounts(kind, said["open"], said["rows"], said["others"])
        for kind in NameKind
        if (said := found.get(kind))
    ]
