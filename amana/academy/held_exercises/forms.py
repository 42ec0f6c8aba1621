"""What is asked of an exercise, and of the steps that it led to."""

from typing import Unpack

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.academy.held_exercises.actions import ExerciseReport
from amana.academy.held_exercises.models import HeldExercise
from amana.design.mechanism.models import Version
from amana.trust.access.models import Sphere
from amana.ui.form_options import FormOptions, Posted
from amana.ui.widgets import build_day_field

HELD_ELSEWHERE = [
    (form.value, form.label)
    for form in HeldExercise.Form
    if form is not HeldExercise.Form.PLAYED
]
"""What is played here is recorded from its own page."""


class VersionField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Version) -> str:
        return f"{obj.mechanism.title} · {obj}"


class ExerciseForm(forms.Form):
    title = forms.CharField(
        label=_("Exercise scenario"),
        max_length=160,
        help_text=_("An invented case, such as “Nineteen people on a fishing boat”."),
    )
    form = forms.ChoiceField(
        label=_("How"), choices=HELD_ELSEWHERE, widget=forms.RadioSelect
    )
    held_on = build_day_field(_("When"))
    spheres = forms.MultipleChoiceField(
        label=_("Who took part"),
        choices=Sphere.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    version = VersionField(
        label=_("Version of the mechanism tested"),
        queryset=Version.objects.none(),
        required=False,
        empty_label=_("None"),
    )
    learned = forms.CharField(
        label=_("Lessons learned"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Where the case stalled, and where no one knew what to do. No names."
        ),
    )

    def __init__(
        self,
        data: Posted = None,
        *,
        versions: QuerySet[Version],
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **options)
        version = self.fields["version"]
        assert isinstance(version, VersionField)
        version.queryset = versions

    @property
    def held(self) -> ExerciseReport:
        return ExerciseReport(**self.cleaned_data)


class PlayedExerciseForm(ExerciseForm):
    """Of one that was played here: its scenario and how it was held are known."""

    title = None  # type: ignore[assignment]
    form = None  # type: ignore[assignment]

    def __init__(
        self,
        data: Posted = None,
        *,
        scenario: str,
        versions: QuerySet[Version],
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, versions=versions, **options)
        self.scenario = scenario

    @property
    def held(self) -> ExerciseReport:
        form = HeldExercise.Form.PLAYED
        return ExerciseReport(self.scenario, form, **self.cleaned_data)


class StepForm(forms.Form):
    words = forms.CharField(label=_("What needs to be done"), max_length=300)
    office = forms.CharField(
        label=_("Who does it"),
        max_length=160,
        help_text=_("An organisation or office, never the name of a person."),
    )
    due_on = build_day_field(_("By when"))


class FinishForm(forms.Form):
    done_on = build_day_field(_("When was it done?"), initial=timezone.localdate)
    seen_by = forms.CharField(label=_("What shows it"), max_length=500)
