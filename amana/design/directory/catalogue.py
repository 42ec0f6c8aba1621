"""The whole directory in memory, always as the database has it.

Each process keeps the columns that matching reads. Before each use one query asks what
has changed (`models.changes`): nothing, some services that are then read again, or more
than can be followed, and everything is read again. What a person may not see is masked
here, and rows that are shown are fetched once more through the rule."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import RLock

import numpy as np
from django.conf import settings

from amana.design.directory import labels
from amana.design.directory.folding import fold_text
from amana.design.directory.matching import (
    Directory,
    Match,
    MatchAnswer,
    MatchRule,
    Person,
    Point,
    ServiceRecord,
    match_services,
)
from amana.design.directory.matching.columns import Rows, SharedValues, Truths
from amana.design.directory.matching.match import SHOWN
from amana.design.directory.models import Area, Change, Service
from amana.design.directory.models.services import ServiceQuerySet
from amana.design.directory.rules import has_role, see_service
from amana.design.directory.taxonomy import Modality
from amana.trust.access.models import User

MOST_SEARCHED = 2000
"""Characters of a description: each worker keeps those of all services."""
MOST_CHANGES = 2000
"""More than this, and reading everything again is quicker."""


@dataclass
class Catalogue:
    """The columns of matching, and, row by row, what lists also need."""

    directory: Directory = field(default_factory=lambda: Directory([], {}))
    names: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    """Everything that a search compares, folded."""
    visibility: SharedValues[str] = field(default_factory=lambda: SharedValues([]))
    at: tuple[int, int] | None = None
    """Number and stamp of the last change that is known."""
    _order: Rows | None = None

    def refresh(self) -> None:
        """Apply what has changed since; one query when nothing has."""
        news = self._news()
        if news is None:
            self._read_all()
        elif news:
            # What fails half-way must not pass for known: then all is read again.
            known, self.at = self.at, None
            for service in find_services().filter(pk__in=news):
                self._put(service)
            self.at = known

    def _news(self) -> set[int] | None:
        """List the ids of changed services; None when all must be read again."""
        if self.at is None:
            return None
        number, stamp = self.at
        changes = list(
            Change.objects.filter(number__gte=number)
            .order_by("number")
            .values_list("number", "stamp", "service")[: MOST_CHANGES + 2]
        )
        if not changes or changes[0][:2] != (number, stamp):
            # Never seen before, forgotten already, or rolled back.
            return None
        news = [service for _, _, service in changes[1:]]
        if None in news or len(news) > MOST_CHANGES:
            return None
        self.at = changes[-1][:2]
        return {service for service in news if service is not None}

    def _read_all(self) -> None:
        # The number first: what is changed meanwhile is read once more next time.
        last = Change.objects.order_by("-number").values_list("number", "stamp").first()
        found = list(find_services())
        self.directory = Directory(map(build_offer, found), map_areas())
        self.names = [service.name for service in found]
        self.words = [build_search_text(service) for service in found]
        self.visibility = SharedValues([service.visibility for service in found])
        self.at, self._order = last, None

    def _put(self, service: Service) -> None:
        self.directory.put(build_offer(service))
        row = self.directory.rows[service.pk]
        if row == len(self.names):
            self.names.append("")
            self.words.append("")
        self.names[row], self.words[row] = service.name, build_search_text(service)
        self.visibility.put(row, service.visibility)
        self._order = None

    @property
    def order(self) -> Rows:
        """All rows as lists show them."""
        if self._order is None:
            folded = [name.casefold() for name in self.names]
            ids = self.directory["id"].tolist()
            key = list(zip(folded, ids, strict=True))
            self._order = np.array(
                sorted(range(len(key)), key=key.__getitem__), np.intp
            )
        return self._order

    def visible(self, user: User) -> Truths:
        """Find the rows that `user` may see, as `see_service` has it; at most two
        queries."""
        rows = np.arange(len(self.directory))
        open_to = self._open_to(user)
        seen = self.visibility.where(
            [v in open_to for v in self.visibility.known], rows
        )
        if not seen.all():
            # Only what the columns can't decide: most services are open to the network,
            # and cost no row.
            others = Service.objects.exclude(visibility__in=open_to)
            mine = see_service.among(others, user).values_list("pk", flat=True)
            seen |= np.isin(self.directory["id"], list(mine))
        return seen

    def _open_to(self, user: User) -> set[str]:
        """List the visibilities for which no single service has to be checked."""
        V = Service.Visibility
        works_here = User.objects.filter(has_role(user), pk=user.pk).exists()
        return {V.PUBLIC, V.NETWORK} if works_here else {V.PUBLIC}


def find_services() -> ServiceQuerySet:
    return Service.objects.select_related("organisation", "area").defer(
        "area__geometry"
    )


def map_areas() -> dict[str, str]:
    """Map each area's code to the code of the one above it."""
    paths = Area.objects.values_list("path", flat=True)
    chains = [["", *path.strip("/").split("/")] for path in paths]
    return {chain[-1]: chain[-2] for chain in chains}


def build_offer(service: Service) -> ServiceRecord:
    """Build a service as matching sees it: of a hidden place, the area and no more."""
    return ServiceRecord(
        id=service.pk,
        organisation=service.organisation_id,
        types=frozenset(service.types),
        ended=service.status == Service.Status.ENDED,
        paused=service.status == Service.Status.PAUSED,
        funded_until=service.funded_until,
        verify_by=service.verify_by,
        matched_until=service.matched_until,
        # What helps from afar alone lies nowhere: its office is no distance to go.
        at=None if service.remote else get_place(service),
        hidden=service.hidden,
        area=service.area.code if service.area else "",
        coverage=frozenset(service.coverage),
        coverage_unsure=bool(service.coverage_note),
        comes_to_you=service.comes_to_you,
        visits_only=service.visits_only,
        remote=service.remote,
        walk_in=Modality.WALK_IN in service.modalities,
        sexes=frozenset(service.sexes),
        age_min=service.age_min,
        age_max=service.age_max,
        nationalities=frozenset(service.nationalities),
        not_nationalities=frozenset(service.not_nationalities),
        statuses=frozenset(service.statuses),
        exploitation=frozenset(service.exploitation),
        groups=frozenset(service.groups),
        not_groups=frozenset(service.not_groups),
        children_max=service.children_max,
        accessibility=convert_codes(service.accessibility),
        documents=frozenset(service.documents),
        needs_police=service.needs_police,
        needs_identified=service.needs_identified,
        costs=service.costs,
        own_assessment=service.own_assessment,
        traits=frozenset(service.traits),
        languages=frozenset(service.languages),
        hours=convert_hours(service.hours),
        zone=service.zone or settings.TIME_ZONE,
        accepts_referrals=service.accepts_referrals,
        counts_places=service.counts_places,
        total=service.places_total,
        # A count that was never made is no zero: unknown is a question.
        free=service.places_free if service.places_said_at else None,
        said_at=service.places_said_at,
        children_take_places=service.children_take_places,
        waiting_list=service.waiting_list,
        wait_days=service.wait_days,
        stay_days=service.max_stay_days,
        lateness=service.lateness,
    )


def get_place(service: Service) -> Point | None:
    """Get its own place; else the middle of its area, unless that is the whole
    country."""
    if service.lat is not None and service.lon is not None:
        return Point(service.lat, service.lon)
    # The middle of a country is near to nothing: its distance would be wrong for
    # everyone.
    if service.area is None or service.area.level == 0:
        return None
    return Point(service.area.lat, service.area.lon)


def convert_codes(codes: list[str] | None) -> frozenset[str] | None:
    return None if codes is None else frozenset(codes)


def convert_hours(hours: list[list[int]] | None) -> frozenset[tuple[int, int]] | None:
    return None if hours is None else frozenset((start, end) for start, end in hours)


def build_search_text(service: Service) -> str:
    """Build the text that a search compares; its kinds of help have words of their own
    (`search_terms`)."""
    words = [service.name, *(service.name_en, service.name_fr, service.name_ar)]
    words += [service.organisation.name, service.description[:MOST_SEARCHED]]
    if service.area:
        words += service.area.names.values()
    return fold_text("\n".join(words))


_catalogue = Catalogue()
_lock = RLock()


@contextmanager
def open_catalogue() -> Iterator[Catalogue]:
    """Open the catalogue as the database has it now; no other thread changes it
    meanwhile."""
    # Threads of a process share it; without the lock one would replace columns while
    # another reads them.
    with _lock:
        _catalogue.refresh()
        yield _catalogue


@dataclass(frozen=True)
class Suggestion:
    """One service of an answer, with its row."""

    match: Match
    service: Service

    @property
    def distance(self) -> str:
        km = self.match.km
        return "" if km is None else labels.format_distance(km, self.service)

    @property
    def why(self) -> list[str]:
        return [
            labels.format_advantage(word, self.match, self.service)
            for word in self.match.why
        ]

    @property
    def but(self) -> list[str]:
        return [
            labels.format_drawback(word, self.match, self.service)
            for word in self.match.but
        ]

    @property
    def to_ask(self) -> list[str]:
        return [
            labels.format_question(question, self.service)
            for question in self.match.ask
        ]

    @property
    def phone(self) -> str:
        """Its own, else its team's."""
        return self.service.phone or self.service.team.phone

    @property
    def unsure(self) -> bool:
        """Its count of free places is too old, or was never made."""
        return any(question.reason is MatchRule.FULL for question in self.match.ask)

    @property
    def counted(self) -> str:
        return labels.format_count(self.service)

    @property
    def against(self) -> list[str]:
        return [
            labels.format_reason(reason, self.service) for reason in self.match.against
        ]


@dataclass(frozen=True)
class MatchResult:
    """An answer whose services can be shown."""

    answer: MatchAnswer
    eligible: list[Suggestion]
    unconfirmed: list[Suggestion]
    full: list[Suggestion]
    near_misses: list[Suggestion]

    @property
    def unsure(self) -> list[Suggestion]:
        """Those that may be asked first."""
        return [*self.unconfirmed, *self.full]

    @property
    def counted(self) -> str:
        return labels.describe_totals(self.answer)

    @property
    def funnel(self) -> list[tuple[str, int]]:
        """How many candidates each rule is against, the most first."""
        return sort_by_count(self.answer.funnel)

    @property
    def questions(self) -> list[tuple[str, int]]:
        """How many of those that fit hang on each question, the most first."""
        return sort_by_count(self.answer.questions)


def sort_by_count(counts: Mapping[MatchRule, int]) -> list[tuple[str, int]]:
    most = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0].bit))
    return [(str(labels.SHORT[reason]), count) for reason, count in most]


def match_for_person(person: Person, *, user: User, shown: int = SHOWN) -> MatchResult:
    """Find what fits `person` among the services that `user` may see. Four queries."""
    with open_catalogue() as catalogue:
        answer = match_services(
            catalogue.directory, person, among=catalogue.visible(user), shown=shown
        )
    # Outside the lock: others need not wait while the rows are loaded.
    groups = answer.eligible, answer.unconfirmed, answer.full, answer.near_misses
    ids = [m.service for group in groups for m in group]
    rows = see_service.among(Service.objects.for_list(), user).in_bulk(ids)

    def with_rows(matches: tuple[Match, ...]) -> list[Suggestion]:
        return [Suggestion(m, rows[m.service]) for m in matches if m.service in rows]

    return MatchResult(answer, *map(with_rows, groups))
