"""What a step leaves, and why a user leaves the pathway: codes to choose, and words."""

from collections.abc import Sequence
from typing import Unpack

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from amana.care.pathways import conference, gating, labels
from amana.care.pathways.models import DecisionBasis, DeviationReason
from amana.design.mechanism.coded import NAMES
from amana.design.mechanism.models import Version
from amana.design.mechanism.pack.pack_model import Pack
from amana.design.pathway.item_lists import MOST_ITEMS
from amana.design.pathway.moving import UnplacedStep as Gap
from amana.design.pathway.pathway_model import LIST, Codes, Do
from amana.trust.access.models import Membership, Team, User
from amana.ui.form_options import FormOptions, Posted

LONGEST = 10_000


def build_question(name: str, codes: Codes, *, alone: bool, title: str) -> forms.Field:
    """Build the question behind a name that a step leaves: a number of items, or a
    code."""
    label = title if alone and name not in NAMES else labels.format_name(name)
    if codes == (LIST,):
        return forms.IntegerField(label=label, min_value=0, max_value=MOST_ITEMS)
    choices = [(code, labels.format_code(code)) for code in codes]
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)


class RemarksForm(forms.Form):
    said = forms.CharField(
        label=_("In your own words"),
        help_text=_("Sealed in the case."),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class StartPathwayForm(forms.Form):
    """What a pathway wants to know before it begins."""

    def __init__(
        self, data: Posted = None, *, pack: Pack, **kwargs: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **kwargs)
        for name, codes in pack.pathway.starts_with.items():
            self.fields[name] = build_question(name, codes, alone=False, title="")


class FinishStepForm(RemarksForm):
    """One step: each name that it leaves is one question."""

    expected = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Posted = None,
        *,
        step: Do,
        pack: Pack,
        decides: bool = False,
        may_say: bool = True,
        **kwargs: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **kwargs)
        self.gives = list(step.gives)
        title = labels.format_step(step, pack)
        alone = len(step.gives) == 1
        for name, codes in step.gives.items():
            self.fields[name] = build_question(name, codes, alone=alone, title=title)
        if decides:
            self.fields["ground"] = forms.ChoiceField(
                label=_("What is the decision based on?"),
                choices=DecisionBasis.choices,
                widget=forms.RadioSelect,
            )
            self.fields["said"].label = say("The reasons")
            self.fields["said"].required = may_say
            self.fields["said"].help_text = say(
                "In words that the person understands. Sealed to the team of the case."
            )
        if conference.is_conference(step) and may_say:
            self._ask_of_conference(pack)
        if not may_say:
            del self.fields["said"]
        order = ["invited", *self.gives, "ground", "said"]
        self.order_fields(order)

    def _ask_of_conference(self, pack: Pack) -> None:
        self.fields["invited"] = forms.MultipleChoiceField(
            label=say("Who was invited?"),
            help_text=say("Only those the person agreed to. Sealed in the case."),
            choices=conference.list_participants(pack),
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["said"].label = say("What was agreed")
        self.fields["said"].required = True
        self.fields["said"].help_text = say(
            "For each point, who does it and by when, and who disagreed. Sealed in "
            "the case."
        )

    @property
    def data_given(self) -> dict[str, object]:
        return {name: self.cleaned_data[name] for name in self.gives}


class DeviationForm(RemarksForm):
    """The reason for leaving the case pathway that was agreed."""

    reason = forms.TypedChoiceField(
        label=_("Why?"),
        choices=DeviationReason.choices,
        coerce=DeviationReason,
        widget=forms.RadioSelect,
    )

    field_order: Sequence[str] = ("reason", "said")


class SkipStepForm(DeviationForm):
    """What is known all the same decides where the case goes on."""

    expected = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Posted = None,
        *,
        step: Do,
        pack: Pack,
        **kwargs: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **kwargs)
        self.gives = list(step.gives)
        title, alone = labels.format_step(step, pack), len(step.gives) == 1
        for name, codes in step.gives.items():
            field = build_question(
                name, gating.may_leave(step, name, codes), alone=alone, title=title
            )
            field.required = False
            field.help_text = say("Answer only if it is known.")
            self.fields[name] = field
        self.order_fields(["reason", *self.gives, "said"])

    def clean(self) -> dict[str, object]:
        """Gather what is known of the step under `data`."""
        found = {name: self.cleaned_data.pop(name, None) for name in self.gives}
        known = {
            name: value for name, value in found.items() if value not in ("", None)
        }
        return self.cleaned_data | {"data": known}


class ReopenStepForm(DeviationForm):
    onward = forms.ChoiceField(
        label=_("What happens next?"),
        choices=[
            ("", _("It is added to the steps that are due")),
            ("yes", _("The case continues from this step")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )

    field_order = ("reason", "onward", "said")

    def clean_onward(self) -> bool:
        return bool(self.cleaned_data["onward"])


class ReassignStepForm(DeviationForm):
    to = forms.ChoiceField(label=_("Which role does it?"), widget=forms.RadioSelect)

    field_order = ("to", "reason", "said")

    def __init__(
        self,
        data: Posted = None,
        *,
        pack: Pack,
        but: str,
        **kwargs: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (role, labels.format_role(role, pack)) for role in pack.roles if role != but
        ]


class PathwayTeamField(forms.ModelChoiceField[Team]):
    def label_from_instance(self, team: Team) -> str:
        return f"{team.organisation.name} · {team.name}"


class AssignTeamForm(forms.Form):
    team = PathwayTeamField(
        Team.objects.none(),
        label=_("Which team does it?"),
        empty_label=None,
        widget=forms.RadioSelect,
    )

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


class TeamMemberField(forms.ModelChoiceField[Membership]):
    def label_from_instance(self, held: Membership) -> str:
        return f"{held.user.name} · {held.team}"


class AssignPersonForm(forms.Form):
    person = TeamMemberField(
        Membership.objects.none(),
        label=_("Who does it?"),
        empty_label=None,
        widget=forms.RadioSelect,
    )

    def __init__(
        self,
        data: Posted = None,
        *,
        people: QuerySet[Membership],
        **kwargs: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["person"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = people

    def clean_person(self) -> User:
        held: Membership = self.cleaned_data["person"]
        return held.user


class ChangeMechanismForm(forms.Form):
    """Choose which of the mechanisms in force a case follows."""

    version = forms.ChoiceField(label=_("Mechanism"), widget=forms.RadioSelect)

    def __init__(
        self,
        data: Posted = None,
        *,
        versions: Sequence[Version],
        **kwargs: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["version"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (str(v.pk), labels.format_text(v.pack.title, v.pack)) for v in versions
        ]


class OverridePathwayForm(DeviationForm):
    """Let the case go on elsewhere."""

    step = forms.ChoiceField(label=_("Instead of"), widget=forms.RadioSelect)
    to = forms.ChoiceField(label=_("The case continues at"))

    field_order = ("step", "to", "reason", "said")

    def __init__(
        self,
        data: Posted = None,
        *,
        pack: Pack,
        at: list[str],
        **kwargs: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **kwargs)
        step, to = self.fields["step"], self.fields["to"]
        assert isinstance(step, forms.ChoiceField)
        assert isinstance(to, forms.ChoiceField)
        step.choices = [(key, labels.format_title(key, pack)) for key in at]
        by_hand = [s.id for s in pack.pathway.steps.values() if isinstance(s, Do)]
        steps = [(id, labels.format_title(id, pack)) for id in by_hand if id not in at]
        to.choices = [("", _("Choose")), *steps]


class StepPlacementForm(forms.Form):
    """For each step without a place in a new version: where the case goes on."""

    def __init__(
        self,
        data: Posted = None,
        *,
        pack: Pack,
        gaps: list[tuple[Gap, str]],
        **kwargs: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **kwargs)
        self.gaps = [gap for gap, _title in gaps]
        steps = [(id, labels.format_title(id, pack)) for id in pack.pathway.steps]
        for number, (gap, title) in enumerate(gaps):
            self.fields[f"to{number}"] = forms.ChoiceField(
                label=say("Instead of “%(step)s”") % {"step": title},
                choices=steps,
                initial=gap.near or None,
            )

    @property
    def where(self) -> dict[str, str]:
        return {
            gap.step: self.cleaned_data[f"to{number}"]
            for number, gap in enumerate(self.gaps)
        }
