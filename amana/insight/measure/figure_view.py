"""One figure as a page, a picture, a table and a file show it: the same everywhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.utils.formats import number_format
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from amana.insight.measure import figure_labels, hidden, labels
from amana.insight.measure.engine.definitions import Measure
from amana.insight.measure.engine.protected_tables import QUARTER, THIRD
from amana.insight.measure.engine.visible_figures import Cell, ShownValue
from amana.insight.measure.figure_labels import Definition
from amana.insight.measure.figure_questions import FigureQuestion
from amana.insight.measure.figure_years import FigureYear
from amana.ui import charts


def keep_on_one_line(words: str) -> str:
    """Keep a number and its sign on one line."""
    return words.replace(" %", "\N{NO-BREAK SPACE}%")


@dataclass(frozen=True)
class TableLine:
    """A row of a table: a group, or a stretch of time."""

    label: str
    code: str
    shown: ShownValue
    definition: Definition

    @property
    def value(self) -> str:
        return keep_on_one_line(
            figure_labels.format_value(self.definition.part, self.shown)
        )

    @property
    def between(self) -> str:
        return keep_on_one_line(
            figure_labels.format_interval(self.definition.part, self.shown)
        )

    @property
    def counted(self) -> str:
        return figure_labels.format_counted(self.shown)

    @property
    def unknown(self) -> str:
        return "" if self.shown.hidden else figure_labels.format_unknown(self.shown)

    @property
    def given(self) -> charts.RowValue:
        one = self.shown
        return charts.RowValue(
            self.label,
            self.value,
            *(one.value, one.low, one.high, one.at_least, one.at_most),
        )


@dataclass(frozen=True)
class FigureView:
    """A figure in a year, for the people and split by what was asked."""

    definition: Definition
    year: FigureYear
    question: FigureQuestion

    @property
    def is_distribution(self) -> bool:
        return self.definition.part.measure is Measure.DISTRIBUTION

    def at(self, *cell: tuple[str, str]) -> ShownValue:
        part = self.definition.part
        return self.year.sheets.shown(self.definition.code, part, cell)

    def line(self, label: str, code: str, cell: Cell) -> TableLine:
        return TableLine(label, code, self.at(*cell), self.definition)

    @cached_property
    def whole(self) -> TableLine:
        if self.is_distribution:
            # A distribution is headed by its most frequent state.
            nothing = self.line(_("None"), "", self.question.at)
            return next(self.states(), nothing)
        return self.line(self.question.words or _("Everyone"), "", self.question.at)

    @property
    def tone(self) -> str:
        return self.definition.standing(self.whole.shown)

    @property
    def why_hidden(self) -> str:
        return hidden.explain_suppression(self.definition.part, self.year.smallest)

    def has(self, *dims: str) -> bool:
        """Check whether anything is shown so closely."""
        sheets = self.year.sheets
        return sheets.splits(self.definition.code, self.definition.part, dims)

    @cached_property
    def groups(self) -> list[TableLine]:
        """Split by what was asked; of a distribution, by its own codes."""
        if self.is_distribution:
            return list(self.states())
        by = self.question.by
        dims = [dim for dim, _code in self.question.at]
        if not self.has(*dims, by):
            return []
        known = self.year.sheets.codes(self.definition.part, by)
        names = labels.map_labels(by)
        lines = [
            self.line(str(names.get(c, c)), c, (*self.question.at, (by, c)))
            for c in sorted(known, key=list(names).index if names else None)
            if c in names
        ]
        # There are dozens of these, and most are never used: listing the hidden ones
        # would bury the others.
        if by in ("topic", "reason"):
            lines = [line for line in lines if not line.shown.hidden]
        return lines

    @property
    def groups_shown(self) -> list[TableLine]:
        return [group for group in self.groups if not group.shown.hidden]

    @property
    def groups_hidden(self) -> list[str]:
        return [group.label for group in self.groups if group.shown.hidden]

    def states(self) -> Iterator[TableLine]:
        part, code = self.definition.part, self.definition.code
        found = self.year.sheets.shares(code, part, self.question.at)
        names = labels.map_labels(part.over)
        shown = [(c, figure) for c, figure in found.items() if not figure.hidden]
        for c, figure in sorted(shown, key=lambda pair: -(pair[1].value or 0)):
            yield TableLine(str(names.get(c, c)), c, figure, self.definition)

    @cached_property
    def moments(self) -> list[TableLine]:
        """Month by month where most can be shown, else quarter by quarter."""
        if self.question.dim == QUARTER or self.is_distribution:
            return []
        by_month = [] if self.question.at else self.months()
        # Months only where three in four can be shown: a line with more gaps says less
        # than four quarters.
        if 4 * sum(not line.shown.hidden for line in by_month) >= 3 * len(by_month) > 0:
            return by_month
        if not self.has(*(dim for dim, _code in self.question.at), QUARTER):
            return []
        return [
            self.line(labels.format_quarter(n), n, (*self.question.at, (QUARTER, n)))
            for n in labels.QUARTERS
            if 3 * int(n) - 2 < self.months_known + 1
        ]

    @property
    def moments_shown(self) -> bool:
        return any(not moment.shown.hidden for moment in self.moments)

    @property
    def months_known(self) -> int:
        return 12 if self.year.is_over else self.year.until.month - 1

    def months(self) -> list[TableLine]:
        if not self.has(QUARTER, THIRD):
            return []
        names = labels.map_month_names()
        return [
            self.line(
                names[n],
                f"{self.year.number}-{n:02}",
                ((QUARTER, str((n + 2) // 3)), (THIRD, str((n - 1) % 3 + 1))),
            )
            for n in range(1, self.months_known + 1)
        ]

    @cached_property
    def trend(self) -> str:
        shown = [moment.shown for moment in self.moments]
        return (
            figure_labels.format_trend(self.definition.part, shown)
            if self.moments_shown
            else ""
        )

    # --- pictures

    @property
    def most(self) -> float:
        if figure_labels.is_share(self.definition.part):
            return 1.0
        lines = [self.whole, *self.moments, *self.groups]
        tops = [top for line in lines for top in (line.shown.best, line.shown.high)]
        target = self.definition.target
        aims = [target.at_least, target.at_most] if target else []
        return charts.choose_scale_end(
            max((n for n in (*tops, *aims) if n is not None), default=1)
        )

    @property
    def by_words(self) -> str:
        if self.is_distribution:
            return labels.label_dimension(self.definition.part.over)
        return labels.label_dimension(
            self.question.by, self.definition.part.chosen.kind
        )

    @property
    def group_chart(self) -> charts.RowChart | None:
        drawn = self.groups_shown
        if not drawn:
            return None
        whole = None if self.is_distribution else self.whole.shown.value
        words = {"title": self.definition.name, "by": self.by_words}
        return charts.draw_rows(
            [line.given for line in drawn],
            described=_(
                "%(title)s, broken down: %(by)s. The table below shows every value."
            )
            % words,
            most=self.most,
            mirrored=get_language_bidi(),
            whole=whole,
            whole_words=self.whole.value if whole is not None else "",
        )

    @property
    def time_chart(self) -> charts.ChartLine | None:
        if sum(moment.shown.value is not None for moment in self.moments) < 2:
            return None
        part, target = self.definition.part, self.definition.target
        aim = None
        if target is not None:
            aimed = target.at_least if target.at_least is not None else target.at_most
            scale = 100 if figure_labels.is_share(part) else 1
            aim = (
                (aimed or 0) / scale,
                _("target: %(aim)s") % {"aim": self.definition.aim},
            )
        words = {"title": self.definition.name, "trend": self.trend}
        return charts.draw_line(
            [
                charts.TimePoint(
                    label_moment(moment.code),
                    moment.value,
                    moment.shown.best,
                    moment.shown.low,
                    moment.shown.high,
                    moment.shown.value is None,
                )
                for moment in self.moments
            ],
            described=_("%(title)s through the year: %(trend)s.") % words,
            most=self.most,
            say=lambda n: figure_labels.label_scale(part, n),
            mirrored=get_language_bidi(),
            target=aim,
        )

    @property
    def small_chart(self) -> charts.SmallChart | None:
        values = [moment.shown.value for moment in self.moments]
        return charts.draw_sparkline(values, mirrored=get_language_bidi())


def label_moment(moment: str) -> str:
    """Label a month, given as "2026-11", or a quarter, given by its number."""
    if len(moment) == 1:
        return labels.label_quarter(moment)
    return labels.label_month(int(moment[-2:]))


def format_year(year: FigureYear) -> str:
    """Format a year, or which months of it are in the figures."""
    if year.is_over:
        return str(year.number)
    months = labels.map_month_names()
    words = {
        "year": number_format(year.number, 0, use_l10n=False),
        "last": months[year.until.month - 1],
    }
    return _("%(year)s, up to the end of %(last)s") % words
