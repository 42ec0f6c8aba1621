"""Read what the cells of a row have: texts by language, expressions, yes or no."""

import re
from collections.abc import Mapping

from amana.design.forms.engine.expressions import Tree, parse_expression
from amana.design.forms.engine.form_faults import FormFaults, UnreadablePart
from amana.design.forms.engine.form_model import COMPARTMENTS, Kind, Words
from amana.design.forms.engine.functions import FUNCTIONS
from amana.design.forms.engine.reading.xlsform_faults import (
    BAD_COMPARTMENT,
    BAD_PARAMETERS,
    BAD_YES_NO,
    RANGE,
    parse_language_code,
)
from amana.design.forms.engine.values import convert_to_number


class CellReader(FormFaults):
    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.languages: dict[str, None] = {}
        self.default_language = ""

    def words(self, row: Mapping[str, str], column: str) -> dict[str, str]:
        """Read a text by language: `label`, `label::Français (fr)`, `label::fr`."""
        found: dict[str, str] = {}
        for head, said in row.items():
            name, _, language = head.partition("::")
            if name.strip() != column:
                continue
            code = parse_language_code(language) or self.default_language
            self.languages.setdefault(code)
            found[code] = said
        return found

    def hint(self, row: Mapping[str, str]) -> Words:
        """Read the hint, and after it the guidance, which is for the same reader."""
        found = dict(self.words(row, "hint"))
        for code, said in self.words(row, "guidance_hint").items():
            found[code] = f"{found[code]} {said}" if code in found else said
        return found

    def tree(
        self, row: int, cells: Mapping[str, str], column: str, sheet: str = "survey"
    ) -> Tree | None:
        if not (source := cells.get(column, "")):
            return None
        try:
            return parse_expression(source)
        except UnreadablePart as broken:
            values = broken.values
            self.report(row, broken.sentence, sheet=sheet, column=column, **values)
            return None

    def yes_no(self, number_: int, row: Mapping[str, str], column: str) -> Tree | None:
        said = row.get(column, "").lower().rstrip("()")
        if said in ("yes", "true"):
            return ["f", "true"]
        if said in ("", "no", "false"):
            return None
        if not re.search(r"[$(=<>]", row[column]):
            self.report(number_, BAD_YES_NO, column=column, said=row[column])
            return None
        return self.tree(number_, row, column)

    def is_read_only(self, row: Mapping[str, str]) -> bool:
        said = row.get("read_only") or row.get("readonly") or ""
        return said.lower().rstrip("()") in ("yes", "true")

    def default(self, number_: int, row: Mapping[str, str]) -> Tree | None:
        said = row.get("default", "")
        if not said:
            return None
        called = re.match(r"([A-Za-z][\w:-]*)\(", said)
        # Otherwise the default is a plain text, even if it looks like a sum: 2026-01-01
        # is a date.
        if "${" in said or (called and called[1] in FUNCTIONS):
            return self.tree(number_, row, "default")
        return ["'", said]

    def parameters(
        self, number_: int, row: Mapping[str, str], kind: Kind
    ) -> dict[str, str]:
        pairs = [
            part.partition("=")
            for part in re.split(r"[\s;,]+", row.get("parameters", ""))
        ]
        found = {name: value for name, sign, value in pairs if sign}
        if kind == "range":
            steps = [convert_to_number(found.get(k, d)) for k, d in RANGE.items()]
            # NaN differs from itself: a parameter that is no number.
            if any(n != n for n in steps) or steps[0] >= steps[1] or steps[2] <= 0:
                self.report(number_, BAD_PARAMETERS)
        return found

    def compartment(self, number_: int, row: Mapping[str, str]) -> str:
        said = row.get("compartment", "").strip().lower()
        if said and said not in COMPARTMENTS:
            self.report(
                number_,
                BAD_COMPARTMENT,
                said=row["compartment"],
                known=", ".join(COMPARTMENTS),
            )
        return said
