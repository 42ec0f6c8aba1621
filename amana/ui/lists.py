"""Lists that are filtered and sorted: each declared once, and read from the address.

    CASES = ListDefinition(
        filters=(Filter("urgency", _("Urgency"), urgencies, is_urgent, several=True),),
        columns=(Column(_("Person")), Column(_("Deadline"), BY_DEADLINE)),
    )
    wanted = CASES.read(request.GET, scope, here=reverse("cases:mine"))
    found = wanted.page(cases, request, rows=Case.objects.for_list())

`{% filters wanted %}`, `{% filtered_by wanted %}` and `{% sortable_columns wanted %}`
draw it. A filter only narrows what a rule has let through.

An address holds codes and ids, and no more: what it asks for is looked up among what
the filter offers to this reader now. All else is not repeated, stored or logged; that a
filter's value is not there any more is said by the filter's own name.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import Q
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.ui import paging
from amana.ui.paging import FilterBatch, Page, PreparedRows

SORT, VIEW = "sort", "view"
EVERYTHING = "all"
"""The value of `view` that asks for the list without a filter, also where the user
has chosen a view to begin with."""

type Words = str | Promise
type Options = Iterable[tuple[str, Words]]


@dataclass(frozen=True)
class ListFilter[Scope]:
    """A question that narrows a list: its answers, and what each finds."""

    code: str
    """Its name in the address."""
    label: Words
    options: Callable[[Scope], Options]
    """Codes or ids with their words, as far as this reader may choose among them."""
    where: Callable[[list[str], datetime], Q]
    several: bool = False
    """Whether more than one may be chosen; they are joined by or."""


@dataclass(frozen=True)
class ListSort:
    """An order with its code. The last column of `key` is unique, and none is null."""

    code: str
    label: Words
    key: tuple[str, ...]
    says: Words = ""
    """What stands first, in a sentence above the list."""


@dataclass(frozen=True)
class ListColumn:
    """A heading of a list, and the order that it stands for."""

    label: Words
    sort: ListSort | None = None


@dataclass(frozen=True)
class FilterOption:
    code: str
    label: Words
    chosen: bool


@dataclass(frozen=True)
class FilterField:
    """A filter as it is drawn."""

    code: str
    label: Words
    several: bool
    options: list[FilterOption]
    blank: bool = True
    """Whether none of them may be chosen."""

    @property
    def chosen(self) -> list[FilterOption]:
        return [option for option in self.options if option.chosen]


@dataclass(frozen=True)
class FilterChip:
    """What a list is filtered by, and the address of the list without it."""

    label: Words
    words: Words
    url: str


@dataclass(frozen=True)
class ColumnHeading:
    """A column's heading; `url` sorts by it, or the other way round."""

    label: Words
    url: str = ""
    sorted: str = ""
    """As `aria-sort` says it; empty where the list is not sorted by it."""


@dataclass(frozen=True)
class ListDefinition[Scope]:
    """What a list can be filtered and sorted by. Its usual order is its first sort,
    unless it names another."""

    filters: tuple[ListFilter[Scope], ...]
    columns: tuple[ListColumn, ...]
    more_sorts: tuple[ListSort, ...] = ()
    """Orders that have no column of their own."""
    usual: ListSort | None = None

    @cached_property
    def sorts(self) -> list[ListSort]:
        own = [column.sort for column in self.columns if column.sort]
        usual = [self.usual] if self.usual else []
        return list(dict.fromkeys([*usual, *own, *self.more_sorts]))

    def read(
        self,
        asked: QueryDict,
        scope: Scope,
        *,
        here: str,
        keep: Mapping[str, str] | None = None,
    ) -> "ListRequest":
        """Read what an address asks for. `keep`: what else is in it, already read."""
        fields, gone = [], []
        for question in self.filters:
            codes = set(asked.getlist(question.code)) - {""}
            offered = list(question.options(scope))
            # Looked up among what is offered to this reader, and never used as typed:
            # an id that was guessed finds nothing, and is not repeated on the page (ADR
            # 50).
            chosen = [code for code, _label in offered if code in codes]
            # The filter's name is said, not the value: that could be the name of
            # something that this reader may not know of.
            if len(chosen) < len(codes):
                gone.append(question.label)
            if not question.several:
                del chosen[1:]
            options = [
                FilterOption(code, label, code in chosen) for code, label in offered
            ]
            fields.append(
                FilterField(question.code, question.label, question.several, options)
            )
        said = asked.get(SORT, "")
        by_code = {sort.code: sort for sort in self.sorts}
        sort = by_code.get(said.removeprefix("-"), self.sorts[0])
        backwards = said.startswith("-") and said.removeprefix("-") in by_code
        return ListRequest(self, fields, gone, sort, backwards, here, dict(keep or {}))


def asks_for_some(request: HttpRequest) -> bool:
    """Check whether an address asks for anything but the beginning of a whole list."""
    return bool(request.GET.keys() - {VIEW})


@dataclass(frozen=True)
class ListRequest:
    """A list as its reader asks for it."""

    definition: ListDefinition[Any]
    fields: list[FilterField]
    gone: list[Words]
    """The filters of which something was asked for that is not there any more."""
    sort: ListSort
    backwards: bool
    here: str
    keep: dict[str, str] = field(default_factory=dict)

    @property
    def is_filtered(self) -> bool:
        return any(field.chosen for field in self.fields)

    @property
    def is_usual(self) -> bool:
        usual = self.sort == self.definition.sorts[0] and not self.backwards
        return usual and not self.is_filtered

    def where(self, now: datetime | None = None) -> Q:
        """Return what the chosen filters find, joined by and."""
        return self.fits(now or timezone.now())

    @property
    def fits(self) -> FilterBatch:
        drawn = zip(self.definition.filters, self.fields, strict=True)
        return FilterBatch(
            tuple(
                (question.where, tuple(option.code for option in field.chosen))
                for question, field in drawn
                if field.chosen
            )
        )

    @property
    def key(self) -> list[str]:
        """The order, for `paging.find_page`."""
        key = list(self.sort.key)
        return (
            [paging.reverse_column(column) for column in key] if self.backwards else key
        )

    def narrow[M: models.Model](
        self, things: models.QuerySet[M] | PreparedRows[M], now: datetime | None = None
    ) -> models.QuerySet[M] | PreparedRows[M]:
        """Narrow `things` to those that fit; the same question where nothing is
        filtered."""
        if not self.is_filtered:
            return things
        if isinstance(things, models.QuerySet):
            return things.filter(self.where(now))
        return things.narrowed(self.fits)

    def page[M: models.Model](
        self,
        things: models.QuerySet[M] | PreparedRows[M],
        request: HttpRequest,
        *,
        rows: Callable[[], models.QuerySet[M]],
        now: datetime | None = None,
    ) -> Page[M]:
        """Find one page of the things that fit, as `rows` makes them."""
        things = self.narrow(things, now)
        return paging.find_page(things, request, key=self.key, rows=rows)

    @property
    def order_words(self) -> Words:
        """What comes first, as the list is sorted now; empty for the usual order."""
        if self.sort.says and not self.backwards:
            return self.sort.says
        if self.sort == self.definition.sorts[0] and not self.backwards:
            return ""
        words = _("Sorted by: %(order)s")
        if self.backwards:
            words = _("Sorted by: %(order)s, in reverse")
        return words % {"order": self.sort.label}

    # --- addresses

    def query(
        self, *, without: tuple[str, str] | None = None, sort: str | None = None
    ) -> str:
        """Build the canonical address of this list: what it is filtered and sorted
        by."""
        asked = QueryDict(mutable=True)
        for name, value in self.keep.items():
            asked[name] = value
        for drawn in self.fields:
            codes = [option.code for option in drawn.chosen]
            codes = [code for code in codes if (drawn.code, code) != without]
            asked.setlist(drawn.code, codes)
        by = self.order if sort is None else sort
        # The usual order is left out, so that one list has one address, also when it is
        # saved.
        if by != self.definition.sorts[0].code:
            asked[SORT] = by
        return asked.urlencode()

    @property
    def order(self) -> str:
        return f"-{self.sort.code}" if self.backwards else self.sort.code

    def address(self, query: str) -> str:
        return f"{self.here}?{query}" if query else f"{self.here}?{VIEW}={EVERYTHING}"

    @property
    def clear(self) -> str:
        """The same list without any filter, in its usual order."""
        kept = QueryDict(mutable=True)
        kept.update(self.keep | {VIEW: EVERYTHING})
        return f"{self.here}?{kept.urlencode()}"

    # --- what is drawn

    @property
    def chips(self) -> list[FilterChip]:
        return [
            FilterChip(
                drawn.label,
                option.label,
                self.address(self.query(without=(drawn.code, option.code))),
            )
            for drawn in self.fields
            for option in drawn.chosen
        ]

    @property
    def headings(self) -> list[ColumnHeading]:
        return [self.heading(column) for column in self.definition.columns]

    def heading(self, column: ListColumn) -> ColumnHeading:
        sort = column.sort
        if sort is None:
            return ColumnHeading(column.label)
        if sort != self.sort:
            return ColumnHeading(column.label, self.address(self.query(sort=sort.code)))
        # `aria-sort` names the order of the column's values, not whether it is the
        # usual one.
        down = sort.key[0].startswith("-")
        rising = self.backwards if down else not self.backwards
        other = sort.code if self.backwards else f"-{sort.code}"
        return ColumnHeading(
            column.label,
            self.address(self.query(sort=other)),
            "ascending" if rising else "descending",
        )

    @property
    def order_field(self) -> FilterField:
        """The orders to choose among, also where a list has no headings to see."""
        options = [
            FilterOption(self.order, sort.label, chosen=True)
            if sort == self.sort
            else FilterOption(sort.code, sort.label, chosen=False)
            for sort in self.definition.sorts
        ]
        return FilterField(SORT, gettext_lazy("Sort by"), False, options, blank=False)


@dataclass(frozen=True)
class NumberedPart:
    """Those of a list to which a number leads: code, words, and which they are."""

    code: str
    label: Words
    which: Callable[[], Q]


ONLY = "only"


def build_parts_list(usual: ListSort, *parts: NumberedPart) -> ListDefinition[object]:
    """Build a list of which one part can be asked for alone: `?only=waiting`."""
    which = {part.code: part.which for part in parts}
    only = ListFilter[Any](
        ONLY,
        gettext_lazy("Show only"),
        offer_codes([(part.code, part.label) for part in parts]),
        lambda codes, _now: which[codes[0]](),
    )
    return ListDefinition((only,), (), usual=usual)


def offer_codes(choices: Sequence[tuple[str, Words]]) -> Callable[[object], Options]:
    """Offer options that are the same for everyone."""
    return lambda _scope: choices
