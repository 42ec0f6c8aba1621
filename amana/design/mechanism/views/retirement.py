"""Retire a mechanism: from when on no new case follows it, and what happens to its
cases."""

from django import forms as inputs
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST

from amana.design.mechanism import actions
from amana.design.mechanism.models import Mechanism
from amana.design.mechanism.views.role_players import kept
from amana.trust.access.http import Request, posted
from amana.ui.form_options import Posted
from amana.ui.http import done, show
from amana.ui.once import apply_once

RETIRE = "mechanism/retire.html"


class RetirementForm(inputs.Form):
    on = inputs.DateField(
        label=lazy("From which day on"),
        help_text=lazy("At least a week ahead."),
        widget=inputs.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    successor = inputs.ChoiceField(
        label=lazy("What happens to its cases"),
        required=False,
        widget=inputs.RadioSelect,
    )

    def __init__(self, data: Posted, *, mechanism: Mechanism) -> None:
        super().__init__(data)
        first = timezone.localdate() + actions.NOTICE
        self.fields["on"].widget.attrs["min"] = first.isoformat()
        field = self.fields["successor"]
        assert isinstance(field, inputs.ChoiceField)
        field.choices = [
            ("", _("They continue by this mechanism to their end.")),
            *(
                (str(version.mechanism_id), version.mechanism.title)
                for version in actions.list_successors(mechanism)
            ),
        ]


@require_http_methods(["GET", "POST"])
@apply_once
def retire(request: Request, pk: int) -> HttpResponse:
    """Choose the day and the successor, or read what was announced."""
    mechanism = kept(request, pk)
    form = RetirementForm(posted(request), mechanism=mechanism)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        actions.announce_retirement(
            mechanism,
            on=said["on"],
            successor=Mechanism.objects.filter(pk=said["successor"] or 0).first(),
            by=request.user,
        )
        messages.success(request, _("Announced. Everyone can read it."))
        return done(request, then=reverse("mechanism:retire", args=[pk]))
    version = mechanism.versions.in_force().first()
    context = {"mechanism": mechanism, "form": form, "version": version}
    return show(request, RETIRE, context, status=422 if form.is_bound else 200)


@require_POST
@apply_once
def keep_in_use(request: Request, pk: int) -> HttpResponse:
    actions.call_off_retirement(kept(request, pk), by=request.user)
    messages.success(request, _("Called off. The mechanism stays in use."))
    return done(request, then=reverse("mechanism:retire", args=[pk]))
