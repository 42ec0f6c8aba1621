"""What is asked of those who plan for a change of policy."""

from collections.abc import Sequence
from typing import Unpack

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from amana.design.directory.identifying_details import WorkTextForm
from amana.design.mechanism.models import Version
from amana.insight.advocacy.actions import PolicyTarget
from amana.insight.advocacy.models import (
    Commitment,
    Message,
    Office,
    PolicyPlan,
    Recommendation,
    Window,
)
from amana.ui.form_options import FieldOptions, FormOptions, Label, Posted
from amana.ui.widgets import build_day_field

AN_OFFICE = lazy("An institution or office, never the name of a person.")


def build_line_field(
    label: Label, most: int, **options: Unpack[FieldOptions]
) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, **options)


def build_text_field(
    label: Label, most: int = 2000, **options: Unpack[FieldOptions]
) -> forms.CharField:
    look = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=most, widget=look, **options)


class PolicyPlanForm(forms.Form):
    goal = build_line_field(
        lazy("What should change?"),
        200,
        help_text=lazy("One thing that an institution or office can decide."),
    )
    seen_by = build_line_field(
        lazy("How will you see that it has changed?"),
        300,
        help_text=lazy("A figure, a law, a budget line."),
    )
    due_on = build_day_field(lazy("By when"))
    within_reach = build_line_field(
        lazy("What makes it possible now?"), 300, required=False
    )
    why = build_text_field(lazy("Why it matters"))
    risks = build_text_field(
        lazy("Who could it harm?"),
        required=False,
        help_text=lazy("Add what is done to prevent it."),
    )
    state = forms.ChoiceField(label=lazy("Status"), choices=PolicyPlan.State.choices)

    def __init__(
        self, data: Posted = None, *, begun: bool, **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **options)
        if not begun:
            del self.fields["state"]

    @property
    def aim(self) -> PolicyTarget:
        return PolicyTarget(**self.cleaned_data)


class OfficeForm(forms.Form):
    title = build_line_field(lazy("Office"), 160, help_text=AN_OFFICE)
    side = forms.ChoiceField(
        label=pgettext_lazy("of an office in a change", "Part"),
        choices=Office.Side.choices,
        widget=forms.RadioSelect,
    )
    power = forms.ChoiceField(
        label=lazy("Influence"), choices=Office.Power.choices, widget=forms.RadioSelect
    )
    view = forms.ChoiceField(
        label=pgettext_lazy("for or against", "View"),
        choices=Office.View.choices,
        widget=forms.RadioSelect,
    )
    moved_by = build_line_field(lazy("What they care about"), 300, required=False)


class WindowForm(forms.Form):
    kind = forms.ChoiceField(label=lazy("Occasion"), choices=Window.Kind.choices)
    title = build_line_field(lazy("What it is"), 200)
    opens_on = build_day_field(pgettext_lazy("a day", "From"))
    closes_on = build_day_field(lazy("Until"))
    plan = forms.ModelChoiceField(
        label=lazy("For which plan"),
        queryset=PolicyPlan.objects.for_list(),
        required=False,
        empty_label=lazy("All plans"),
    )


class MessageForm(WorkTextForm):
    audience = forms.ChoiceField(
        label=lazy("Addressed to"), choices=Message.Audience.choices
    )
    words = build_text_field(
        lazy("Message"),
        help_text=lazy("Leave out any story by which a person could be recognised."),
    )
    messenger = forms.ChoiceField(
        label=lazy("Messenger"),
        choices=Message.Messenger.choices,
        widget=forms.RadioSelect,
    )
    paid = forms.BooleanField(
        label=lazy("If survivors speak: they are paid for it"), required=False
    )
    informed = forms.BooleanField(
        label=lazy("They know where their words will be used, and what may follow"),
        required=False,
    )
    agreed_on = build_day_field(lazy("Date they agreed"), required=False)

    def telling_fields(self) -> list[str]:
        return ["words"]


class CommitmentForm(forms.Form):
    office = build_line_field(lazy("Who promised"), 160, help_text=AN_OFFICE)
    words = build_line_field(lazy("What was promised"), 500)
    made_on = build_day_field(lazy("When"))
    due_on = build_day_field(lazy("By when"))
    source = build_line_field(lazy("Source"), 300, required=False)


SETTLED = [
    choice for choice in Commitment.State.choices if choice[0] != Commitment.State.OPEN
]


class SettleForm(forms.Form):
    state = forms.ChoiceField(
        label=lazy("Was it kept?"), choices=SETTLED, widget=forms.RadioSelect
    )
    evidence = build_line_field(lazy("What shows it"), 500)


class RecommendationForm(forms.Form):
    monitor = forms.ChoiceField(
        label=lazy("Recommended by"), choices=Recommendation.Monitor.choices
    )
    source = build_line_field(lazy("Document and paragraph"), 300)
    words = build_text_field(lazy("Exact wording"), 3000)
    given_on = build_day_field(lazy("When"))


class RecommendationStatusForm(forms.Form):
    state = forms.ChoiceField(
        label=lazy("Status"),
        choices=Recommendation.State.choices,
        widget=forms.RadioSelect,
    )
    how = build_text_field(lazy("What was done"), required=False)
    version = forms.ModelChoiceField(
        label=lazy("Version of the mechanism that honours it"),
        queryset=Version.objects.none(),
        required=False,
        empty_label=lazy("None yet"),
    )
    provision = forms.ChoiceField(label=lazy("Legal provision"), required=False)

    def __init__(
        self,
        data: Posted = None,
        *,
        versions: QuerySet[Version],
        provisions: Sequence[tuple[str, str]],
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **options)
        version, provision = self.fields["version"], self.fields["provision"]
        version.queryset = versions  # type: ignore[attr-defined]
        version.label_from_instance = format_version  # type: ignore[attr-defined]
        provision.choices = [("", lazy("Not stated")), *provisions]  # type: ignore[attr-defined]


def format_version(version: Version) -> str:
    return f"{version.mechanism.title} · {version}"
