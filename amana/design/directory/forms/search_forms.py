"""Filters of the list, and what is known of a person."""

from typing import Any, Unpack

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.design.directory import codes
from amana.design.directory.facets import FacetChoice, FacetFilters
from amana.design.directory.forms.directory_inputs import (
    CountriesField,
    build_choices_field,
    build_yes_no_field,
    is_filled,
    label_choice,
    list_area_choices,
    parse_answer,
)
from amana.design.directory.matching import Ages, Person, Point
from amana.design.directory.matching.person import OLDEST
from amana.design.directory.models import Area
from amana.design.directory.placing import find_area_at
from amana.design.directory.taxonomy.person_codes import (
    Accessibility,
    Exploitation,
    LegalStatus,
    PersonGroup,
    PlaceTrait,
    RequiredDocument,
    Sex,
)
from amana.design.directory.taxonomy.service_types import ServiceGroup
from amana.trust.access.models.organisations import Organisation
from amana.ui.form_options import FormOptions, Label, Posted


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


KM: list[tuple[str, Label]] = [
    ("", gettext_lazy("Any distance")),
    *((str(km), f"{km} km") for km in (5, 10, 30, 50, 100, 200)),
]


class PersonForm(forms.Form):
    """What is known of a person, without anything that identifies her."""

    need = forms.ChoiceField(label=gettext_lazy("What is needed"))
    need_too = forms.ChoiceField(label=gettext_lazy("And also"), required=False)
    area = forms.ChoiceField(label=gettext_lazy("Where the person is"), required=False)
    lat = forms.FloatField(
        label=gettext_lazy("Latitude"),
        required=False,
        min_value=-90,
        max_value=90,
        help_text=gettext_lazy("If you know the place more exactly than its area."),
    )
    lon = forms.FloatField(
        label=gettext_lazy("Longitude"), required=False, min_value=-180, max_value=180
    )
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

    def __init__(self, data: Posted = None, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, **options)
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

    def clean(self) -> dict[str, Any]:
        super().clean()
        said = self.cleaned_data
        if (said.get("lat") is None) != (said.get("lon") is None):
            self.add_error("lat", _("Enter both latitude and longitude, or neither."))
        return said

    @property
    def point(self) -> Point | None:
        """The point that was entered."""
        lat, lon = self.cleaned_data["lat"], self.cleaned_data["lon"]
        return None if lat is None or lon is None else Point(lat, lon)

    @property
    def knows_point(self) -> bool:
        return is_filled(self, "lat", "lon")

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
        point = self.point
        here = find_area_at(*point) if point else None
        # The smaller one: a point tells more than the region that was chosen.
        if here and (area is None or area.code in here.codes):
            area = here
        # The middle of a whole country would be a wrong place for almost everyone in
        # it.
        middle = Point(area.lat, area.lon) if area and area.level else None
        now = timezone.now()
        known: dict[str, Any] = {
            "needs": tuple(
                map(list_types, filter(None, (said["need"], said["need_too"])))
            ),
            "at": now,
            "area": area.code if area else None,
            "place": point or middle,
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


def list_types(code: str) -> frozenset[str]:
    """List the types that meet a need: one, or any of a group."""
    if code in ServiceGroup.values:
        return frozenset(kind.value for kind in ServiceGroup(code).types)
    return frozenset({code})


def list_need_choices(empty: str) -> list[object]:
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
