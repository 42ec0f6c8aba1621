"""Show figures to people who work with cases, or lead those who do."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from amana.insight.measure import figure_years, ours
from amana.insight.measure.figure_view import format_year
from amana.insight.measure.rules import read_own_line
from amana.insight.measure.views import NONE, read_year
from amana.trust.access.http import Request
from amana.trust.access.models import Organisation, Role
from amana.trust.access.rules import NotAccessible
from amana.ui.http import show

OURS = "measure/ours.html"


@require_GET
def of_ours(request: Request) -> HttpResponse:
    """Show the mechanism's figures, and where one's own organisation lies in them."""
    admitted = Organisation.objects.admitted().order_by("name")
    mine = list(read_own_line.among(admitted, request.user))
    if not mine:
        raise NotAccessible(read_own_line, Organisation, {})
    year = read_year(request)
    if year is None:
        return show(request, NONE)
    looks = ours.list_looks(year)
    context = {
        "year": year,
        "years": figure_years.list_years(),
        "when": format_year(year),
        "sections": list(ours.iterate_sections(looks, mine)),
        "too_few": ours.list_suppressed(looks),
        "leads": Role.SUPERVISOR in request.user.roles,
    }
    return show(request, OURS, context)
