"""Public pages: a service says whether its details are still true, by the link in its
mailbox."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from amana.design.directory import actions, labels
from amana.design.directory.actions.verifying import find_request
from amana.design.directory.forms.check_forms import CheckForm
from amana.design.directory.models import VerificationRequest
from amana.trust.access.http import posted, slow_down
from amana.ui.http import show

CHECK, OVER, CHECKED = (
    "directory/check.html",
    "directory/check_over.html",
    "directory/checked.html",
)


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, token: str) -> HttpResponse:
    """Show what the directory has of a service, and take its answer."""
    slow_down(request, "verification")
    # Opening it uses nothing up: programs that look through mails open links too.
    found = find_request(token)
    if found is None:
        return show(request, OVER, status=410)
    if request.POST.get("answer") == "right":
        actions.confirm_by_link(found)
        # Away from the address with the token, which a shared screen would show.
        return redirect("directory:checked")
    form = CheckForm(posted(request), service=found.service)
    if form.is_valid():
        actions.propose_changes(
            found, values=form.list_changes(), words=form.cleaned_data["words"].strip()
        )
        return redirect("directory:checked")
    context = describe(found) | {"form": form}
    return show(request, CHECK, context, status=422 if form.is_bound else 200)


def describe(found: VerificationRequest) -> dict[str, object]:
    """Describe what is shown: of a secret place, nothing that tells where it is."""
    service = found.service
    return {
        "service": service,
        "conditions": labels.list_all_conditions(service, to_mailbox=True),
        "languages": labels.format_languages(service.languages),
    }


@login_not_required
@require_GET
def checked(request: HttpRequest) -> HttpResponse:
    """Thank for an answer, at an address that leads to no service."""
    return show(request, CHECKED)
