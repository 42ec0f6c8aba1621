"""Forms for people who mentor, are mentored, or match the two."""

from collections.abc import Iterable

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.academy.community.mentoring import aims
from amana.academy.community.mentoring.models import Sector
from amana.design.directory import codes
from amana.design.directory.identifying_details import WorkTextForm, build_text_area
from amana.ui.form_options import Posted

MONTHS = [(3, _("Three months")), (6, _("Six months"))]


class MentoringWishForm(forms.Form):
    """How one would mentor, or what one looks for."""

    sector = forms.ChoiceField(label=_("Your field of work"), choices=Sector)
    languages = forms.MultipleChoiceField(
        label=_("Languages in which you can talk about work"),
        widget=forms.CheckboxSelectMultiple,
    )
    region = forms.CharField(
        label=_("Where you work"),
        help_text=_("A country, a province, a border. No address."),
        max_length=120,
        required=False,
    )

    def __init__(self, data: Posted = None, *, mentor: bool) -> None:
        super().__init__(data)
        self.fields["languages"].choices = codes.list_languages()  # type: ignore[attr-defined]
        if mentor:
            self.fields["most"] = forms.TypedChoiceField(
                label=_("How many people at once"),
                choices=[(n, n) for n in range(1, 6)],
                coerce=int,
            )


class PairProposalForm(forms.Form):
    mentor = forms.TypedChoiceField(
        label=_("Mentor"), widget=forms.RadioSelect, coerce=int
    )
    months = forms.TypedChoiceField(label=_("For how long"), choices=MONTHS, coerce=int)

    def __init__(self, mentors: Iterable[tuple[int, str]], data: Posted = None) -> None:
        super().__init__(data)
        self.fields["mentor"].choices = list(mentors)  # type: ignore[attr-defined]


class CheckInForm(WorkTextForm):
    """The three questions of a month."""

    better = build_text_area(_("What went better than before?"))
    stuck = build_text_area(_("Where are you stuck?"))
    doing = build_text_area(_("What will you do before you talk again?"))


class MonthReplyForm(WorkTextForm):
    text = build_text_area(
        _("Your answer"),
        _("Ask and encourage; the other person decides what to do."),
    )


class CommitmentForm(WorkTextForm):
    text = build_text_area(
        _("What you will change at work"),
        _("Something that others can see: a list, a rule, a habit of your team."),
    )
    due_on = forms.DateField(
        label=_("By when"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    indicator = forms.ChoiceField(
        label=_("Indicator that should change"),
        help_text=_("An indicator of the mechanism, counted for everyone together."),
        required=False,
    )

    def __init__(self, data: Posted = None) -> None:
        super().__init__(data)
        offered = [("", _("None for now")), *aims.map_indicators().items()]
        self.fields["indicator"].choices = offered  # type: ignore[attr-defined]
        self.fields["due_on"].widget.attrs["min"] = timezone.localdate().isoformat()

    def telling_fields(self) -> list[str]:
        return ["text"]
