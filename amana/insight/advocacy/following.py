"""What monitors recommend, how it stands, and the version of the mechanism that honours
it: a page for the authorities too."""

from collections import Counter
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from amana.design.mechanism import labels
from amana.design.mechanism.models import Version
from amana.design.mechanism.rules import see_version
from amana.insight.advocacy import actions
from amana.insight.advocacy.forms import RecommendationForm, RecommendationStatusForm
from amana.insight.advocacy.models import Recommendation
from amana.insight.advocacy.rules import (
    FOLLOWERS,
    READERS,
    follow_recommendation,
    write_advocacy,
)
from amana.insight.advocacy.views import WRITE, may_write, require_writer
from amana.trust.access.http import Request, posted
from amana.trust.access.rules import NotAccessible, has_role
from amana.ui.http import answer_form, done, show
from amana.ui.once import apply_once
from amana.ui.paging import find_page

LIST, ONE = "advocacy/recommendations.html", "advocacy/recommendation.html"


@require_GET
def recommendations(request: Request) -> HttpResponse:
    if not has_role(request.user, FOLLOWERS):
        raise NotAccessible(follow_recommendation, Recommendation, {})
    seen = follow_recommendation.among(Recommendation.objects.for_list(), request.user)
    states = Counter(Recommendation.objects.values_list("state", flat=True))
    context = {
        "recommendations": find_page(seen, request, key=("-given_on", "pk")),
        "states": [(state.label, states[state]) for state in Recommendation.State],
        "may_write": may_write(request),
        "reads_plans": has_role(request.user, READERS),
    }
    return show(request, LIST, context)


@require_http_methods(["GET", "POST"])
@apply_once
def new(request: Request) -> HttpResponse:
    require_writer(request, Recommendation)
    return answer_form(
        request,
        WRITE,
        RecommendationForm(posted(request)),
        lambda said: actions.record_recommendation(**said, by=request.user),
        title=_("Record a recommendation"),
        back=reverse("advocacy:recommendations"),
    )


@require_http_methods(["GET", "POST"])
@apply_once
def recommendation(request: Request, pk: UUID) -> HttpResponse:
    """Show a recommendation, and the form that updates it."""
    # Authorities read what is recommended to them; only writers may change what is
    # recorded.
    rule = write_advocacy if request.method == "POST" else follow_recommendation
    found = rule.find(Recommendation.objects.for_list(), request.user, pk=pk)
    writes = may_write(request)
    form = build_form(request, found) if writes else None
    if form is not None and form.is_valid():
        actions.update_recommendation(found, **form.cleaned_data, by=request.user)
        return done(request, then=reverse("advocacy:recommendation", args=[pk]))
    context = {"recommendation": found, "form": form, "law": format_law(found)}
    status = 422 if form is not None and form.is_bound else 200
    return show(request, ONE, context, status=status)


def build_form(request: Request, found: Recommendation) -> RecommendationStatusForm:
    versions = see_version.among(Version.objects.for_list(), request.user)
    here = found.version or versions.filter(state="in_force").first()
    names = ("state", "how", "version", "provision")
    return RecommendationStatusForm(
        posted(request),
        initial={name: getattr(found, name) for name in names},
        versions=versions,
        provisions=list_provisions(here) if here else [],
    )


def list_provisions(version: Version) -> list[tuple[str, str]]:
    return [(id, format_provision(version, id)) for id in version.pack.law]


def format_provision(version: Version, id: str) -> str:
    line = version.pack.law[id]
    return " · ".join(
        labels.choose_words(part) for part in (line.instrument, line.provision)
    )


def format_law(found: Recommendation) -> str:
    """Format the provision of law that honours it."""
    version = found.version
    if version is None or found.provision not in version.pack.law:
        return ""
    return format_provision(version, found.provision)
