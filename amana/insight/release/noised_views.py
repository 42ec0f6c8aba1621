"""Tables with noise: drawn once, signed by two, public."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from amana.insight.disclosure.engine import noise
from amana.insight.facts.kinds import KINDS
from amana.insight.measure import labels
from amana.insight.release import noising
from amana.insight.release.forms import BudgetForm, DrawForm
from amana.insight.release.models import Budget, NoisedTable
from amana.insight.release.rules import (
    PROPOSERS,
    READERS,
    SIGNERS,
    see_noised,
    sign_noised,
)
from amana.trust.access.http import Request
from amana.trust.access.rules import NotAccessible, has_role
from amana.ui.http import done, show
from amana.ui.once import apply_once

LIST, ONE = "release/noised_list.html", "release/noised.html"
PUBLIC = "release/public_noised.html"


@dataclass(frozen=True)
class DrawnTable:
    table: NoisedTable

    @property
    def title(self) -> str:
        return str(KINDS[self.table.kind].title)

    @property
    def dims(self) -> str:
        return " · ".join(map(labels.label_dimension, self.table.dims))

    @property
    def off(self) -> int:
        return round(noise.SURELY * self.table.sigma)

    @property
    def rows(self) -> Iterable[noising.NoisedRow]:
        return noising.iterate_rows(self.table)


@require_http_methods(["GET", "POST"])
@apply_once
def noised(request: Request) -> HttpResponse:
    if not has_role(request.user, READERS):
        raise NotAccessible(see_noised, NoisedTable, {})
    sent = request.POST if request.method == "POST" else None
    # Two forms on one page: the button that was pressed shows which of them was sent.
    draw = DrawForm(sent if sent and "draw" in sent else None)
    budget = BudgetForm(sent if sent and "say" in sent else None)
    if draw.is_bound and draw.is_valid():
        said = draw.cleaned_data
        table = noising.draw_table(
            said["year"],
            said["kind"],
            [said["split"]],
            said["epsilon"],
            by=request.user,
        )
        messages.success(request, _("Table made. Another person has to sign it next."))
        return done(request, then=reverse("release:noised_one", args=[table.pk]))
    if budget.is_bound and budget.is_valid():
        noising.set_budget(**budget.cleaned_data, by=request.user)
        return done(request, then=reverse("release:noised"))
    years = Budget.objects.order_by("-year").values_list("year", flat=True)
    there = NoisedTable.objects.defer("counts").order_by("-pk")
    context = {
        "tables": [
            DrawnTable(noised_table)
            for noised_table in see_noised.among(there, request.user)
        ],
        "ledgers": [noising.load_ledger(year) for year in years],
        "draw": draw if has_role(request.user, PROPOSERS) else None,
        "budget": budget if has_role(request.user, SIGNERS) else None,
    }
    wrong = draw.is_bound or budget.is_bound
    return show(request, LIST, context, status=422 if wrong else 200)


@require_GET
def noised_one(request: Request, pk: int) -> HttpResponse:
    table = see_noised.find(NoisedTable.objects.all(), request.user, pk=pk)
    may_sign = sign_noised.permits(request.user, table)
    return show(request, ONE, {"one": DrawnTable(table), "may_sign": may_sign})


@require_POST
@apply_once
def sign(request: Request, pk: int) -> HttpResponse:
    table = see_noised.find(NoisedTable.objects.all(), request.user, pk=pk)
    noising.sign(table, by=request.user)
    messages.success(
        request, _("Signed by two people and published. It can no longer be changed.")
    )
    return done(request, then=reverse("release:noised_one", args=[pk]))


@login_not_required
@require_GET
def public_noised(request: HttpRequest, pk: int) -> HttpResponse:
    table = NoisedTable.objects.published().filter(pk=pk).first()
    if table is None:
        raise Http404
    return show(request, PUBLIC, {"one": DrawnTable(table)})
