"""What a coordinator asks: how many cases, with how many people and places.

A question is part of the address, so that it can be kept and sent on; it holds nothing
but numbers.
"""

from collections.abc import Iterator
from typing import Any, Unpack

from django import forms
from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from amana.design.mechanism import labels, version_contents
from amana.design.mechanism.models import Version
from amana.design.mechanism.pack.pack_model import Pack
from amana.design.pathway.pathway_model import Do
from amana.design.pathway.plain import Plain
from amana.ui.form_options import FormOptions, Posted

STAFF, PLACES = "staff-", "places-"
MOST_CASES = {"queues": 50_000, "more": 5_000, "compare": 25_000}
"""Cases times repetitions: each takes some fifteen seconds on a small machine. What one
more would change is tried for each role and place."""


class SimulationView(TextChoices):
    QUEUES = "queues", lazy("Where queues form")
    MORE = "more", lazy("What one more person or place changes")
    COMPARE = "compare", lazy("How another version compares")


class SimulationForm(forms.Form):
    look = forms.ChoiceField(
        label=lazy("What would you like to know?"),
        choices=SimulationView.choices,
        widget=forms.RadioSelect,
    )
    other = forms.ModelChoiceField(
        label=lazy("Compare with"), queryset=Version.objects.none(), required=False
    )
    cases = forms.IntegerField(
        label=lazy("Invented cases"),
        help_text=lazy("More cases show rare events better."),
        min_value=200,
        max_value=10_000,
    )
    times = forms.IntegerField(
        label=lazy("Repetitions"),
        help_text=lazy("More repetitions make the figures more reliable."),
        min_value=2,
        max_value=20,
    )
    arrivals = forms.FloatField(
        label=lazy("People arriving per working day"), min_value=0.1, max_value=1_000
    )

    def __init__(
        self,
        data: Posted = None,
        *,
        pack: Pack,
        others: QuerySet[Version],
        **options: Unpack[FormOptions],
    ) -> None:
        self.pack = pack
        self.other_pack: Pack | None = None
        options["initial"] = build_initial(pack.capacity)
        super().__init__(data, **options)
        other = self.fields["other"]
        assert isinstance(other, forms.ModelChoiceField)
        other.queryset = others
        if not others:
            look = self.fields["look"]
            assert isinstance(look, forms.ChoiceField)
            look.choices = [
                choice
                for choice in SimulationView.choices
                if choice[0] != SimulationView.COMPARE
            ]
        for role in pack.capacity["staff"]:
            self.fields[f"{STAFF}{role}"] = forms.FloatField(
                label=format_title(pack, "role", role), min_value=0.1, max_value=10_000
            )
        for step in pack.capacity.get("places") or ():
            self.fields[f"{PLACES}{step}"] = forms.IntegerField(
                label=format_title(pack, "place", step), min_value=1, max_value=10_000
            )

    def clean(self) -> dict[str, object]:
        said = super().clean() or {}
        look, cases, times = (said.get(name) for name in ("look", "cases", "times"))
        if look and cases and times and cases * times > MOST_CASES[look]:
            self.add_error(
                "cases",
                _(
                    "That would take too long. Cases multiplied by repetitions can "
                    "be at most %(most)s here."
                )
                % {"most": MOST_CASES[look]},
            )
        if look == SimulationView.COMPARE and "other" in said:
            self.compare_with(said["other"])
        return said

    def compare_with(self, other: Version | None) -> None:
        if other is None:
            self.add_error("other", _("Choose the version to compare with."))
            return
        self.other_pack, _faults = version_contents.read_version(other)
        if self.other_pack is None or not self.other_pack.capacity:
            self.add_error(
                "other",
                _(
                    "That version has errors, or does not state who comes and who "
                    "helps."
                ),
            )

    @property
    def staff(self) -> Iterator[forms.BoundField]:
        return (field for field in self if field.name.startswith(STAFF))

    @property
    def places(self) -> Iterator[forms.BoundField]:
        return (field for field in self if field.name.startswith(PLACES))

    @property
    def capacity(self) -> Plain:
        """The pack's capacity, with the numbers that were given here."""
        said, now = self.cleaned_data, dict(self.pack.capacity)
        now["arrivals_per_day"] = said["arrivals"]
        now["staff"] = {role: said[f"{STAFF}{role}"] for role in now["staff"]}
        now["places"] = {
            step: {**place, "places": said[f"{PLACES}{step}"]}
            for step, place in (now.get("places") or {}).items()
        }
        return now


def build_initial(capacity: Plain) -> dict[str, Any]:
    found = {
        "look": SimulationView.QUEUES,
        "cases": 1_000,
        "times": 5,
        "arrivals": capacity["arrivals_per_day"],
    }
    found |= {f"{STAFF}{role}": posts for role, posts in capacity["staff"].items()}
    found |= {
        f"{PLACES}{step}": place["places"]
        for step, place in (capacity.get("places") or {}).items()
    }
    return found


def format_title(pack: Pack, kind: str, name: str) -> str:
    """Format what a role or a place is called; a place by the step that occupies it."""
    if kind == "role":
        return labels.choose_words(pack.roles[name].title)
    return _("Places: %(step)s") % {"step": format_step_title(pack, name)}


def format_step_title(pack: Pack, name: str) -> str:
    step = pack.pathway.steps.get(name)
    return (
        labels.choose_words(step.do)
        if isinstance(step, Do)
        else labels.format_code_without_words(name)
    )
