"""Forms about a service, and about a person for whom a service is searched."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.design.directory import codes, hours
from amana.design.directory.actions import ServiceFields
from amana.design.directory.facets import FacetChoice, FacetFilters
from amana.design.directory.matching import Ages, Person, Point
from amana.design.directory.matching.person import ANY_NUMBER, OLDEST
from amana.design.directory.models import Area, Service
from amana.design.directory.taxonomy import (
    Accessibility,
    Exploitation,
    LegalStatus,
    PersonGroup,
    PlaceTrait,
    RequiredDocument,
    ServiceGroup,
    Sex,
)
from amana.trust.access.models import Organisation, Team
from amana.ui.labels import format_list

SPAN = re.compile(r"\s*(\d{1,2})[:.](\d{2})\s*[-–—]\s*(\d{1,2})[:.](\d{2})\s*")
MIDNIGHT = 24 * 60

WITHIN = [
    (0, gettext_lazy("No time promised")),
    (1, gettext_lazy("1 hour")),
    (4, gettext_lazy("4 hours")),
    (24, gettext_lazy("1 day")),
    (72, gettext_lazy("3 days")),
    (168, gettext_lazy("1 week")),
    (336, gettext_lazy("2 weeks")),
    (720, gettext_lazy("1 month")),
]

PLAIN = """
    name name_en name_fr name_ar
    description visibility area hidden address lat lon arrival modalities sexes
    statuses exploitation groups not_groups documents needs_police needs_identified
    own_assessment conditions accessibility traits costs cost_note hours_note
    max_stay_days accepts_referrals referral_method information_needed contact_role
    phone email website next_step feedback counts_places unit places_total
    children_take_places waiting_list wait_days verify_by funded_until
""".split()  # noqa: SIM905 — names of fields, as one reads them
"""Fields that are asked as the model describes them."""


def list_area_choices(*, empty: str = "") -> list[tuple[str, str]]:
    """List every area, each below the one that it is in."""
    areas = Area.objects.for_choice()
    named = [(area.code, "\u2003" * area.level + area.name) for area in areas]
    return ([("", empty)] if empty else []) + named


class CountriesField(forms.CharField):
    """Names or codes of countries, as people type them."""

    def clean(self, value: Any) -> list[str]:
        words = [w.strip() for w in re.split(r"[,;،\n]", super().clean(value))]
        names = {name.casefold(): code for code, name in codes.list_countries()}
        found = []
        for word in filter(None, words):
            code = names.get(word.casefold(), word.upper())
            if not codes.is_country(code):
                raise ValidationError(
                    _("This country is not known: %(word)s."), params={"word": word}
                )
            found.append(code)
        return sorted(set(found))

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return format_list(codes.format_country(code) for code in value)
        return value


class HoursField(forms.CharField):
    """The hours of one day: "08:30–12:00, 13:00–16:00"."""

    def clean(self, value: Any) -> list[tuple[int, int]]:
        found = []
        for part in filter(str.strip, re.split(r"[,;،]", super().clean(value))):
            match = SPAN.fullmatch(part)
            opens, closes = parse_times(match) if match else (MIDNIGHT, 0)
            if opens >= MIDNIGHT or closes > MIDNIGHT:
                raise ValidationError(
                    _("“%(part)s” can’t be read. Enter it like this: 08:30–16:00."),
                    params={"part": part.strip()},
                )
            found.append((opens, closes))
        return found


def parse_times(match: re.Match[str]) -> tuple[int, int]:
    hour, minute, to_hour, to_minute = map(int, match.groups())
    if minute > 59 or to_minute > 59:
        return MIDNIGHT, 0
    return hour * 60 + minute, to_hour * 60 + to_minute


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

    def __init__(self, *args: Any, teams: list[Team], **options: Any) -> None:
        super().__init__(*args, **options)
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
        common = {"en", "fr", "ar", *service.languages}
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

    def clean(self) -> dict[str, Any]:
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

    def hours_said(self) -> list[Any] | None:
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


def is_filled(form: forms.BaseForm, *names: str) -> bool:
    """Check whether one of these fields has a value, or an error."""
    return any(form[name].value() or form[name].errors for name in names)


def label_choice(choice: FacetChoice) -> tuple[str, str]:
    return (choice.value, f"{'\u2003' * choice.depth}{choice.label} ({choice.count})")


class MoveServiceForm(forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput)
    team = forms.ModelChoiceField(Team.objects.none(), label=gettext_lazy("Team"))

    def __init__(self, *args: Any, teams: QuerySet[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["team"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = teams


class FacetForm(forms.Form):
    """The filters of the list, each option with what it would leave."""

    words = forms.CharField(label=gettext_lazy("Words"), required=False)
    what = forms.ChoiceField(label=gettext_lazy("What"), required=False)
    area = forms.ChoiceField(label=gettext_lazy("Where"), required=False)
    who = forms.ChoiceField(label=gettext_lazy("For whom"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    free = forms.BooleanField(label=gettext_lazy("Places free now"), required=False)
    referrals = forms.BooleanField(
        label=gettext_lazy("Accepts referrals"), required=False
    )
    step_free = forms.BooleanField(
        label=gettext_lazy("Step-free access"), required=False
    )
    due = forms.BooleanField(label=gettext_lazy("Verification due"), required=False)

    ALL = {
        "what": gettext_lazy("Everything"),
        "area": gettext_lazy("Everywhere"),
        "who": gettext_lazy("Anyone"),
        "language": gettext_lazy("Any language"),
    }

    def __init__(
        self, wanted: FacetFilters, choices: dict[str, list[FacetChoice]]
    ) -> None:
        super().__init__(initial=vars(wanted))
        for name, everything in self.ALL.items():
            field: Any = self.fields[name]
            field.choices = [("", everything), *map(label_choice, choices[name])]


YES_NO: list[tuple[str, Any]] = [
    ("", gettext_lazy("Not known")),
    ("yes", gettext_lazy("Yes")),
    ("no", gettext_lazy("No")),
]
KM: list[tuple[str, Any]] = [
    ("", gettext_lazy("Any distance")),
    *((str(km), f"{km} km") for km in (5, 10, 30, 50, 100, 200)),
]


def build_yes_no_field(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=YES_NO, required=False, widget=forms.RadioSelect
    )


def build_choices_field(label: Any, words: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=words.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class PersonForm(forms.Form):
    """What is known of a person, without anything that identifies her."""

    need = forms.ChoiceField(label=gettext_lazy("What is needed"))
    need_too = forms.ChoiceField(label=gettext_lazy("And also"), required=False)
    area = forms.ChoiceField(label=gettext_lazy("Where the person is"), required=False)
    within_km = forms.ChoiceField(
        label=gettext_lazy("Maximum distance"), choices=KM, required=False
    )
    sex = forms.ChoiceField(
        label=gettext_lazy("Sex or gender"), required=False, widget=forms.RadioSelect
    )
    age = forms.IntegerField(
        label=gettext_lazy("Age"), required=False, min_value=0, max_value=OLDEST
    )
    perhaps_child = forms.BooleanField(
        label=gettext_lazy("May be under 18"), required=False
    )
    children = forms.IntegerField(
        label=gettext_lazy("Accompanying children"),
        required=False,
        min_value=0,
        max_value=30,
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    needs_language = forms.BooleanField(
        label=gettext_lazy("Only services that speak one of them"), required=False
    )
    needs_open = forms.BooleanField(
        label=gettext_lazy("Only services open now"), required=False
    )
    status = forms.ChoiceField(label=gettext_lazy("Legal status"), required=False)
    nationality = CountriesField(label=gettext_lazy("Nationality"), required=False)
    groups = build_choices_field(
        gettext_lazy("The person’s circumstances"), PersonGroup
    )
    exploitation = build_choices_field(
        gettext_lazy("What may have happened"), Exploitation
    )
    access_needs = build_choices_field(gettext_lazy("Access needs"), Accessibility)
    documents = build_choices_field(
        gettext_lazy("Documents available"), RequiredDocument
    )
    works_with_police = build_yes_no_field(
        gettext_lazy("Willing to cooperate with police")
    )
    identified = build_yes_no_field(gettext_lazy("Formally identified as a victim"))
    pays = build_yes_no_field(gettext_lazy("Able to pay"))
    not_areas = forms.MultipleChoiceField(
        label=gettext_lazy("Areas to avoid"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    not_organisations = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Organisations to avoid"),
        queryset=Organisation.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    refuses = build_choices_field(gettext_lazy("Does not want"), PlaceTrait)
    prefers = build_choices_field(gettext_lazy("Would prefer"), PlaceTrait)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["need"].choices = list_need_choices(_("Choose"))
        fields["need_too"].choices = list_need_choices(_("Nothing else"))
        fields["area"].choices = list_area_choices(empty=_("Not known"))
        fields["not_areas"].choices = list_area_choices()
        fields["sex"].choices = [
            ("", _("Not known")),
            (Sex.FEMALE.value, _("Woman or girl")),
            (Sex.MALE.value, _("Man or boy")),
            (Sex.OTHER.value, _("Another gender")),
        ]
        fields["status"].choices = [("", _("Not known")), *LegalStatus.choices]
        fields["languages"].choices = codes.list_languages()
        fields["not_organisations"].queryset = Organisation.objects.order_by("name")

    @property
    def knows_status(self) -> bool:
        papers = ("status", "nationality", "documents")
        return is_filled(self, *papers, "works_with_police", "identified", "pays")

    @property
    def knows_groups(self) -> bool:
        return is_filled(self, "groups", "exploitation", "access_needs")

    @property
    def knows_wishes(self) -> bool:
        return is_filled(self, "not_areas", "not_organisations", "refuses", "prefers")

    def person(self, **more: Any) -> Person:
        """Build the person for matching; `more` is what the caller also knows."""
        said = self.cleaned_data
        area = Area.objects.filter(code=said["area"]).defer("geometry").first()
        now = timezone.now()
        known: dict[str, Any] = {
            "needs": tuple(
                map(list_types, filter(None, (said["need"], said["need_too"])))
            ),
            "at": now,
            "area": area.code if area else None,
            # The middle of a whole country would be a wrong place for almost everyone
            # in it.
            "place": Point(area.lat, area.lon) if area and area.level else None,
            "within_km": float(said["within_km"]) if said["within_km"] else None,
            "sex": said["sex"] or None,
            "ages": None if said["age"] is None else Ages(said["age"], said["age"]),
            "perhaps_child": said["perhaps_child"],
            "children": said["children"] or 0,
            "nationalities": frozenset(said["nationality"]) or None,
            "statuses": frozenset({said["status"]}) if said["status"] else None,
            "exploitation": frozenset(said["exploitation"]) or None,
            "not_organisations": frozenset(o.pk for o in said["not_organisations"]),
            "works_with_police": parse_answer(said["works_with_police"]),
            "identified": parse_answer(said["identified"]),
            "pays": parse_answer(said["pays"]),
            "needs_language": said["needs_language"] and bool(said["languages"]),
            "open_by": now if said["needs_open"] else None,
        }
        for name in CODES:
            known[name] = frozenset(said[name])
        return Person(**known | more)


CODES = (
    *("groups", "access_needs", "documents", "languages"),
    *("not_areas", "refuses", "prefers"),
)


def parse_answer(word: str) -> bool | None:
    return {"yes": True, "no": False}.get(word)


def list_types(code: str) -> frozenset[str]:
    """List the types that meet a need: one, or any of a group."""
    if code in ServiceGroup.values:
        return frozenset(kind.value for kind in ServiceGroup(code).types)
    return frozenset({code})


def list_need_choices(empty: str) -> list[Any]:
    """List groups and their types, the whole group first."""
    groups = [
        (
            group.label,
            [
                (group.value, _("Any: %(group)s") % {"group": group.label}),
                *((kind.value, kind.label) for kind in group.types),
            ],
        )
        for group in ServiceGroup
    ]
    return [("", empty), *groups]
