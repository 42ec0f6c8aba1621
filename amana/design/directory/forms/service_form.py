"""Everything that can be said of a service."""

from typing import Any, Unpack

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.design.directory import codes, hours
from amana.design.directory.actions.publishing import ServiceFields
from amana.design.directory.forms.directory_inputs import (
    PLAIN,
    WITHIN,
    CountriesField,
    HoursField,
    is_filled,
    list_area_choices,
)
from amana.design.directory.matching.person import ANY_NUMBER, OLDEST
from amana.design.directory.models import Area, Service
from amana.design.directory.taxonomy.service_types import ServiceGroup
from amana.trust.access.models.organisations import Team
from amana.ui.form_options import FormOptions, Posted
from amana.ui.labels import format_list


class ServiceForm(forms.ModelForm[Service]):
    """Everything that can be set of a service, in plain words."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    """The version that is being changed: no one overwrites what they have not read."""
    age_min = forms.IntegerField(
        label=gettext_lazy("Youngest age"),
        required=False,
        min_value=0,
        max_value=OLDEST,
    )
    age_max = forms.IntegerField(
        label=gettext_lazy("Oldest age"), required=False, min_value=0, max_value=OLDEST
    )
    children_max = forms.IntegerField(
        label=gettext_lazy("Maximum number of children"),
        help_text=gettext_lazy("Enter 0 for none. Leave blank if there is no limit."),
        required=False,
        min_value=0,
        max_value=ANY_NUMBER,
    )
    nationalities = CountriesField(
        label=gettext_lazy("Only people from"),
        help_text=gettext_lazy("Countries, separated by commas."),
        required=False,
    )
    not_nationalities = CountriesField(
        label=gettext_lazy("Not people from"), required=False
    )
    coverage = forms.MultipleChoiceField(
        label=gettext_lazy("Areas"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages spoken"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    more_languages = forms.MultipleChoiceField(
        label=gettext_lazy("Other languages"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    accessibility_said = forms.BooleanField(
        label=gettext_lazy("Accessibility is known"), required=False
    )
    always_open = forms.BooleanField(
        label=gettext_lazy("Open day and night, all week"), required=False
    )
    answers_within_hours = forms.TypedChoiceField(
        label=gettext_lazy("Answers referrals within"), coerce=int, choices=WITHIN
    )
    feedback_within_hours = forms.TypedChoiceField(
        label=gettext_lazy("Gives feedback within"), coerce=int, choices=WITHIN
    )

    class Meta:
        model = Service
        fields = PLAIN
        widgets = {
            "description": forms.Textarea(attrs={"rows": 4}),
            "arrival": forms.Textarea(attrs={"rows": 2}),
            "conditions": forms.Textarea(attrs={"rows": 2}),
            "information_needed": forms.Textarea(attrs={"rows": 2}),
            "visibility": forms.RadioSelect,
            "verify_by": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "funded_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(
        self,
        data: Posted = None,
        *,
        instance: Service | None = None,
        teams: list[Team],
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, instance=instance, **options)
        service = self.instance
        self.add_team(teams)
        self.add_types(service)
        self.add_hours(service)
        self.offer_languages(service)
        self.offer_areas(service)
        self.offer_delays(service)
        if not self.is_bound and service.pk:
            self.fill_from(service)
        if not service.pk:
            self.initial["places_free"] = ""
            self.fields["places_free"] = forms.IntegerField(
                label=_("Places free now"), required=False, min_value=0
            )
        self.fields["website"].assume_scheme = "https"  # type: ignore[attr-defined]

    def add_team(self, teams: list[Team]) -> None:
        """Add the choice of the team for a new service."""
        if self.instance.pk:
            return
        named = [(str(t.pk), f"{t.organisation.name}: {t.name}") for t in teams]
        self.fields["team"] = forms.ChoiceField(
            label=_("Team that offers it and answers referrals"), choices=named
        )

    def add_types(self, service: Service) -> None:
        """Add a field for each group of types."""
        for group in ServiceGroup:
            # One for each group, because no one reads a hundred boxes at once.
            self.fields[f"types_{group}"] = forms.MultipleChoiceField(
                label=str(group.label),
                required=False,
                widget=forms.CheckboxSelectMultiple,
                choices=[(kind.value, kind.label) for kind in group.types],
                initial=[kind for kind in group.types if kind in service.types],
            )

    def add_hours(self, service: Service) -> None:
        for day in range(7):
            spans = [(s, e) for s, e in service.hours or () if s // hours.DAY == day]
            self.fields[f"hours_{day}"] = HoursField(
                label=hours.format_day_name(day),
                required=False,
                max_length=100,
                initial=format_list(
                    f"{hours.format_clock(s)}–{hours.format_clock(e)}" for s, e in spans
                ),
            )

    def offer_languages(self, service: Service) -> None:
        common = {*settings.PAGE_LANGUAGES, *service.languages}
        for name, offered in (("languages", True), ("more_languages", False)):
            self.fields[name].choices = [  # type: ignore[attr-defined]
                (code, label)
                for code, label in codes.list_languages(service.languages)
                if (code in common) == offered
            ]

    def offer_areas(self, service: Service) -> None:
        self.fields["coverage"].choices = list_area_choices()  # type: ignore[attr-defined]
        area: Any = self.fields["area"]
        area.queryset = Area.objects.for_choice()
        area.label_from_instance = lambda a: "\u2003" * a.level + a.name
        area.empty_label = _("Not known")

    def offer_delays(self, service: Service) -> None:
        """Offer the usual delays, and the one that the service has."""
        for name in ("answers_within_hours", "feedback_within_hours"):
            said = getattr(service, name)
            usual = dict(WITHIN)
            more = (
                {} if said in usual else {said: _("%(hours)s hours") % {"hours": said}}
            )
            self.fields[name].choices = sorted((usual | more).items())  # type: ignore[attr-defined]

    def fill_from(self, service: Service) -> None:
        """Leave boxes empty for what makes no difference."""
        self.initial.update(
            {
                "age_min": service.age_min or None,
                "age_max": None if service.age_max == OLDEST else service.age_max,
                "children_max": None
                if service.children_max == ANY_NUMBER
                else service.children_max,
                "nationalities": service.nationalities,
                "not_nationalities": service.not_nationalities,
                "coverage": service.coverage,
                "languages": service.languages,
                "accessibility_said": service.accessibility is not None,
                "accessibility": service.accessibility or [],
                "always_open": service.hours == hours.ALWAYS,
                "answers_within_hours": service.answers_within_hours,
                "feedback_within_hours": service.feedback_within_hours,
                "seen": service.version,
            }
        )
        if service.hours == hours.ALWAYS:
            self.fields["hours_0"].initial = ""

    def clean(self) -> dict[str, object]:
        super().clean()
        said = self.cleaned_data
        kinds = [k for g in ServiceGroup for k in said.get(f"types_{g}", [])]
        if not kinds:
            self.add_error(
                f"types_{ServiceGroup.SH}", _("Choose what the service offers.")
            )
        youngest, oldest = said.get("age_min") or 0, said.get("age_max")
        if oldest is not None and oldest < youngest:
            self.add_error(
                "age_max", _("The oldest age can’t be below the youngest age.")
            )
        if (said.get("lat") is None) != (said.get("lon") is None):
            self.add_error("lat", _("Enter both latitude and longitude, or neither."))
        if not said.get("accepts_referrals"):
            said["referral_method"] = ""
        free, total = said.get("places_free"), said.get("places_total") or 0
        if free is not None and free > total:
            self.add_error(
                "places_free", _("This is more than the total number of places.")
            )
        return said

    def _post_clean(self) -> None:
        """Leave the instance alone: the action decides what is stored, and checks
        it."""

    def said(self) -> ServiceFields:
        """Collect what the actions take."""
        said = dict(self.cleaned_data)
        values: Any = {name: said[name] for name in PLAIN}
        for name in ("places_total", "max_stay_days"):
            values[name] = values[name] or 0
        values |= {
            "types": [k for g in ServiceGroup for k in said[f"types_{g}"]],
            "age_min": said["age_min"] or 0,
            "age_max": OLDEST if said["age_max"] is None else said["age_max"],
            "children_max": ANY_NUMBER
            if said["children_max"] is None
            else said["children_max"],
            "languages": said["languages"] + said["more_languages"],
            "accessibility": said["accessibility"]
            if said["accessibility_said"] or said["accessibility"]
            else None,
            "hours": self.hours_said(),
        }
        for name in ("nationalities", "not_nationalities", "coverage"):
            values[name] = said[name]
        for name in ("answers_within_hours", "feedback_within_hours"):
            values[name] = said[name]
        if said.get("places_free") is not None and values["counts_places"]:
            values["places_free"] = said["places_free"]
        if not values["counts_places"]:
            values["places_total"] = 0
        # Only if it was typed: an empty box would otherwise report that no place is
        # free.
        taken: ServiceFields = values
        return taken

    def hours_said(self) -> list[list[int]] | None:
        if self.cleaned_data["always_open"]:
            return hours.ALWAYS
        spans = [
            list(hours.build_span(day, opens, closes))
            for day in range(7)
            for opens, closes in self.cleaned_data[f"hours_{day}"]
        ]
        return spans or None

    @property
    def type_fields(self) -> list[tuple[str, forms.BoundField, bool]]:
        """Each group's name and field, and whether something in it is chosen."""
        return [
            (str(group.label), self[f"types_{group}"], self.has_chosen(group))
            for group in ServiceGroup
        ]

    def has_chosen(self, group: ServiceGroup) -> bool:
        field = self[f"types_{group}"]
        return bool(field.value() or field.errors)

    @property
    def has_names(self) -> bool:
        return is_filled(self, "name_en", "name_fr", "name_ar")

    @property
    def has_coverage(self) -> bool:
        return is_filled(self, "coverage", "coverage_note")

    @property
    def has_status(self) -> bool:
        return is_filled(self, "nationalities", "not_nationalities", "statuses")

    @property
    def has_groups(self) -> bool:
        return is_filled(self, "groups", "not_groups", "exploitation")

    @property
    def has_demands(self) -> bool:
        return is_filled(
            self, "documents", "needs_police", "needs_identified", "own_assessment"
        )

    @property
    def hour_fields(self) -> list[forms.BoundField]:
        return [self[f"hours_{day}"] for day in range(7)]


class MoveServiceForm(forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput)
    team = forms.ModelChoiceField(Team.objects.none(), label=gettext_lazy("Team"))

    def __init__(
        self,
        data: Posted = None,
        *,
        teams: QuerySet[Team],
        **kwargs: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["team"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = teams
