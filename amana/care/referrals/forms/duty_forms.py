"""Who covers, who is on duty, to whom something is handed."""

from typing import Unpack

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from amana.care.referrals.forms.answer_forms import DAYS
from amana.trust.access.models.organisations import User
from amana.ui.form_options import FormOptions, Posted
from amana.ui.labels import format_list


class CoverForm(forms.Form):
    away = forms.ModelChoiceField(User.objects.none(), label=_("Who is away"))
    covered_by = forms.ModelChoiceField(User.objects.none(), label=_("Covered by"))
    first_on = forms.DateField(
        label=_("First day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    last_on = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(
        self,
        away: QuerySet[User],
        members: QuerySet[User],
        data: Posted = None,
        **kwargs: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **kwargs)
        for name, people in (("away", away), ("covered_by", members)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = people

    def clean(self) -> None:
        said = self.cleaned_data
        if said.get("away") and said.get("away") == said.get("covered_by"):
            self.add_error("covered_by", _("Choose someone else as cover."))
        first, last = said.get("first_on"), said.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", _("The last day is before the first day."))


class DutyForm(forms.Form):
    """Who reads the inbox on one day of the week."""

    workers = forms.ModelMultipleChoiceField(
        User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        members: QuerySet[User],
        weekday: int,
        data: Posted = None,
        initial: dict[str, list[int]] | None = None,
    ) -> None:
        super().__init__(data, prefix=f"day{weekday}", initial=initial)
        self.weekday = weekday
        field = self.fields["workers"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = members
        field.label = self.label = DAYS[weekday]

    @property
    def names(self) -> str:
        """Who has duty, where it can only be read."""
        chosen = set(self.initial.get("workers", []))
        field = self.fields["workers"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        named = field.queryset or User.objects.none()
        return format_list(user.name for user in named if user.pk in chosen)


class HandoverColleagueForm(forms.Form):
    """To which colleague something is handed."""

    colleague = forms.ModelChoiceField(User.objects.none(), label=_("Colleague"))

    def __init__(
        self,
        data: Posted = None,
        *,
        colleagues: QuerySet[User],
        **kwargs: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["colleague"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = colleagues
