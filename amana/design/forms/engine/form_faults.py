"""Where the faults of a form are: in a workbook, by sheet, row and column."""

from collections.abc import Collection
from dataclasses import dataclass

from amana.faults import Fault, FaultCollector, ReadableError, check_known

type Cell = tuple[int, str]
"""The number of a row, and the heading of a column if it is known."""


@dataclass(frozen=True)
class SheetSource:
    """A sheet of a workbook."""

    file: str
    sheet: str = "survey"

    def fault(self, place: Cell, sentence: str, /, **values: object) -> Fault:
        file = f"{self.file} ({self.sheet})"
        return Fault(file, place[0], sentence, values, (self.sheet, *place))


class FormFaults(FaultCollector):
    """Collects the faults of a form."""

    def __init__(self, file: str) -> None:
        super().__init__()
        self.file = file

    def report(
        self,
        row: int,
        sentence: str,
        /,
        *,
        sheet: str = "survey",
        column: str = "",
        **values: object,
    ) -> None:
        self.add(
            [SheetSource(self.file, sheet).fault((row, column), sentence, **values)]
        )

    def check_known(
        self,
        row: int,
        sentence: str,
        name: str,
        among: Collection[str],
        *,
        called: str = "name",
        sheet: str = "survey",
        column: str = "",
    ) -> bool:
        """Report a name that nothing has; returns whether something has it."""
        source = SheetSource(self.file, sheet)
        place = (row, column)
        return not self.add(
            check_known(source, place, sentence, name, among, called=called)
        )


class UnreadablePart(ReadableError):
    """A part of a form can't be read: the sentence, without its place yet."""
