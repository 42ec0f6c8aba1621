"""Names of organisations and areas in a file, on which a person decides."""

from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from amana.exchange.imports import actions
from amana.exchange.imports.models import Import, NameKind
from amana.exchange.imports.name_form import NamesForm
from amana.exchange.imports.rules import bring_services
from amana.trust.access.http import Request
from amana.ui.http import show
from amana.ui.once import apply_once
from amana.ui.paging import find_page

NAMES = "imports/names.html"
AT_ONCE = 50


@require_http_methods(["GET", "POST"])
@apply_once
def names(request: Request, pk: object, kind: str) -> HttpResponse:
    this = bring_services.find(Import.objects.all(), request.user, pk=pk)
    if kind not in NameKind.values:
        raise Http404
    of_kind = this.names.filter(kind=kind).select_related("organisation", "area")
    is_decided = request.GET.get("decided") == "yes"
    listed = of_kind.filter(resolution__in=actions.OPEN)
    if is_decided:
        listed = of_kind.exclude(resolution__in=actions.OPEN)
    page = find_page(listed, request, key=("-rows", "pk"), size=AT_ONCE)
    form = NamesForm(this, NameKind(kind), page.items, request.POST or None)
    if form.is_valid():
        form.decide(this, by=request.user)
        return redirect("imports:brought", this.pk)
    counts = [c for c in actions.count_names_by_kind(this) if c.kind == kind]
    context = {
        "import": this,
        "kind": NameKind(kind),
        "form": form,
        "names": page,
        "counts": counts[0] if counts else None,
        "is_decided": is_decided,
        "decided_url": f"{request.path}?decided=yes",
        "strays": list_strays(this) if kind == NameKind.MISSING else [],
    }
    return show(request, NAMES, context, status=422 if form.is_bound else 200)


def list_strays(this: Import) -> list[tuple[str, int]]:
    """List why parts of the file belong to no service, the most frequent first."""
    parts = this.rows.quarantined().filter(origin_id="")
    found = parts.values_list("problem").annotate(n=Count("pk"))
    return list(found.order_by("-n", "problem")[:20])
