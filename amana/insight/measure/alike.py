"""Who is screened, believed, accepted, helped in time: is it the same for everyone?

Each group is compared with all the others together; a gap counts as one only where the
interval of the difference excludes zero (Newcombe 1998).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from amana.insight.measure import charts, naming, telling
from amana.insight.measure.engine.definitions import Indicator, Measure, Part
from amana.insight.measure.engine.shown import HIDDEN, Shown
from amana.insight.measure.engine.statistics import gap
from amana.insight.measure.looking import Year
from amana.insight.measure.telling import Definition

DIMS = ("sex", "age_band", "nationality_group", "disability", "exploitation")

LOOKED_AT: Sequence[tuple[str, str | Promise]] = (
    ("I01", lazy("Who is screened")),
    ("I03", lazy("Who is believed")),
    ("I20", lazy("Who is accepted by services")),
    ("I19", lazy("Who gets an answer in time")),
    ("I24", lazy("How long people wait")),
)


@dataclass(frozen=True)
class Group:
    label: str
    shown: Shown
    value: str
    between: str
    counted: str
    apart: str = ""
    """How much more or less than the others, in words."""
    is_gap: bool = False


@dataclass(frozen=True)
class Compared:
    """One comparison, group by group."""

    definition: Definition
    title: str
    whole: str
    groups: tuple[Group, ...]
    chart: charts.Rows | None

    @property
    def shown(self) -> list[Group]:
        return [group for group in self.groups if not group.shown.hidden]

    @property
    def hidden(self) -> list[str]:
        return [group.label for group in self.groups if group.shown.hidden]

    @property
    def has_gaps(self) -> bool:
        return self.definition.part.measure is Measure.SHARE


def compared(library: Mapping[str, Indicator], year: Year, dim: str) -> list[Compared]:
    return [
        one(Definition(library[code], library[code].part()), str(title), year, dim)
        for code, title in LOOKED_AT
    ]


def one(definition: Definition, title: str, year: Year, dim: str) -> Compared:
    part, code = definition.part, definition.code
    known = year.sheets.codes(part, dim)
    found = {c: year.sheets.shown(code, part, ((dim, c),)) for c in known}
    whole = year.sheets.shown(code, part)
    labels = naming.labels(dim)
    groups = tuple(
        group(definition, str(label), c, found)
        for c, label in labels.items()
        if c in found
    )
    drawn = None
    if any(not shown.hidden for shown in found.values()):
        drawn = picture(definition, title, groups, whole)
    return Compared(definition, title, telling.value(part, whole), groups, drawn)


def group(
    definition: Definition, label: str, code: str, found: Mapping[str, Shown]
) -> Group:
    part, shown = definition.part, found[code]
    said = (
        telling.value(part, shown),
        telling.between(part, shown),
        telling.counted(shown),
    )
    if part.measure is Measure.COUNT:
        return Group(label, *as_shares(part, shown, found))
    # With all the others together, not with the whole: a large group would be compared
    # with itself.
    others = [
        other for c, other in found.items() if c != code and other.value is not None
    ]
    if part.measure is not Measure.SHARE or shown.value is None or not others:
        return Group(label, shown, *said)
    counted = sum(other.counted or 0 for other in others)
    of = sum(other.of or 0 for other in others)
    by, low, high = gap(shown.counted or 0, shown.of or 1, counted, of)
    return Group(
        label, shown, *said, apart=apart(by, low, high), is_gap=low > 0 or high < 0
    )


def as_shares(
    part: Part, shown: Shown, found: Mapping[str, Shown]
) -> tuple[Shown, str, str, str]:
    """Convert a count to its part of all that are shown."""
    counted, of = people(shown), sum(people(figure) for figure in found.values())
    if not counted:
        return HIDDEN, _("Not shown"), "", ""
    share = Shown(value=counted / of, counted=counted, of=of)
    # Where groups are too few to be added, the total is known only as a lower bound:
    # the words then say so many or more, of which the share is one.
    some_hidden = any(figure.at_least is not None for figure in found.values())
    words = telling.value(part, shown) if some_hidden else telling.counted(share)
    return share, telling.percent(counted / of), "", words


def people(shown: Shown) -> float:
    return shown.counted or shown.at_least or 0.0


def apart(by: float, low: float, high: float) -> str:
    """Format a difference in percentage points, with the interval in which it lies."""
    # “5 points less (3 to 8)”: without a sign, the ends have to change places.
    ends = (low, high) if by > 0 or low <= 0 <= high else (-high, -low)
    points = {
        "n": telling.number(abs(100 * by), 0),
        "low": telling.number(100 * ends[0], 0),
        "high": telling.number(100 * ends[1], 0),
    }
    if low <= 0 <= high:
        return _("no clear difference (%(low)s to %(high)s points)") % points
    if by > 0:
        return _("%(n)s points more (%(low)s to %(high)s)") % points
    return _("%(n)s points less (%(low)s to %(high)s)") % points


def picture(
    definition: Definition, title: str, groups: Sequence[Group], whole: Shown
) -> charts.Rows:
    part = definition.part
    shares = telling.is_share(part) or part.measure is Measure.COUNT
    tops = [top for group in groups for top in (group.shown.best, group.shown.high)]
    most = charts.nice(max((top for top in tops if top is not None), default=1))
    same = whole.value if part.measure is not Measure.COUNT else None
    return charts.rows(
        [
            charts.Given(
                group.label,
                group.value,
                *(group.shown.value, group.shown.low, group.shown.high),
                *(group.shown.at_least, group.shown.at_most),
                marked=group.is_gap,
            )
            for group in groups
            if not group.shown.hidden
        ],
        described=_("%(title)s, by group. The table below shows every value.")
        % {"title": title},
        most=1.0 if shares else most,
        mirrored=get_language_bidi(),
        whole=same,
        whole_words=telling.value(part, whole) if same is not None else "",
    )
