"""Write gaps to files: a table, and regions for a map. The same figures as on the
pages."""

import csv
from collections.abc import Iterable
from io import StringIO

from django.utils.translation import gettext as _

from amana.insight.gaps import labels
from amana.insight.gaps.finding import Gap
from amana.insight.gaps.gap_view import GapView
from amana.insight.gaps.listing import GapSquare
from amana.insight.gaps.models import GapPlan, Key
from amana.insight.gaps.package import PackageNeed
from amana.insight.gaps.ranking import GapRank
from amana.ui.harmless import escape_formula


def write_table(
    look: GapView, gaps: Iterable[tuple[Gap, GapRank]], plans: dict[Key, GapPlan]
) -> str:
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
            labels.format_area(gap.area, look.areas),
            labels.format_group(gap.group),
            gap.kind.label,
            " ".join(labels.describe_gap(gap, look.assumed)),
            labels.format_kinds(gap.also),
            labels.format_people(gap.people),
            labels.format_people(gap.unmet),
            *(rank.severity, rank.people, rank.feasibility),
            *(format_plan(plan) if plan else ("", "", "", "")),
        ]
        # Names of areas and organisations are typed: a spreadsheet would run one that
        # begins like a formula.
        write([escape_formula(cell) for cell in cells])
    return text.getvalue()


def format_plan(plan: GapPlan) -> tuple[str, str, str, str]:
    cost = f"{plan.cost} {plan.currency}" if plan.cost is not None else ""
    due = plan.due_on.isoformat() if plan.due_on else ""
    owner = plan.owner.name if plan.owner else ""
    return str(plan.get_status_display()), owner, due, cost


def build_geojson(
    look: GapView, rows: Iterable[tuple[PackageNeed, list[GapSquare]]]
) -> dict[str, object]:
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
