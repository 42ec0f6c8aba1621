"""Write gaps to files: a table, and regions for a map. The same figures as on the
pages."""

import csv
from collections.abc import Iterable
from io import StringIO
from typing import Any

from django.utils.translation import gettext as _

from amana.insight.gaps import wording
from amana.insight.gaps.finding import Gap
from amana.insight.gaps.listing import Square
from amana.insight.gaps.looking import Look
from amana.insight.gaps.models import Key, Plan
from amana.insight.gaps.package import Need
from amana.insight.gaps.ranking import Rank
from amana.ui.harmless import no_formula


def table(look: Look, gaps: Iterable[tuple[Gap, Rank]], plans: dict[Key, Plan]) -> str:
    text = StringIO()
    write = csv.writer(text).writerow
    write(
        [
            *(_("Year"), _("Code"), _("What"), _("Area code"), _("Where")),
            *(_("For whom"), _("What is wrong"), _("Why"), _("Also")),
            *(_("People who needed it"), _("Nothing acceptable was found")),
            *(_("Severity"), _("People"), _("Feasibility")),
            *(_("Status"), _("Responsible organisation"), _("By when"), _("Cost")),
        ]
    )
    for gap, rank in gaps:
        plan = plans.get(gap.key)
        cells = [
            *(look.year, gap.need.code, gap.need.label, gap.area),
            wording.area_name(gap.area, look.areas),
            wording.group_name(gap.group),
            gap.kind.label,
            " ".join(wording.reasons(gap, look.assumed)),
            wording.kinds_in_words(gap.also),
            wording.people(gap.people),
            wording.people(gap.unmet),
            *(rank.severity, rank.people, rank.feasibility),
            *(planned(plan) if plan else ("", "", "", "")),
        ]
        # Names of areas and organisations are typed: a spreadsheet would run one that
        # begins like a formula.
        write([no_formula(cell) for cell in cells])
    return text.getvalue()


def planned(plan: Plan) -> tuple[str, str, str, str]:
    cost = f"{plan.cost} {plan.currency}" if plan.cost is not None else ""
    due = plan.due_on.isoformat() if plan.due_on else ""
    owner = plan.owner.name if plan.owner else ""
    return str(plan.get_status_display()), owner, due, cost


def regions(look: Look, rows: Iterable[tuple[Need, list[Square]]]) -> dict[str, Any]:
    """Build GeoJSON: first-level areas, and what is wrong in each with every need."""
    said: dict[str, dict[str, str]] = {code: {} for code in look.areas}
    for need, squares in rows:
        for code, square in zip(look.areas, squares, strict=True):
            said[code][need.code] = square.kind or ""
    features = []
    for code, area in look.areas.items():
        feature = area.feature()
        feature["properties"] |= {"year": look.year, "gaps": said[code]}
        features.append(feature)
    return {"type": "FeatureCollection", "features": features}
