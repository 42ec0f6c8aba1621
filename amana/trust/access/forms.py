"""Shapes of what is typed about organisations, teams and people."""

from typing import Unpack

from django import forms
from django.utils.translation import gettext_lazy as _

from amana.telephones import format_dialled
from amana.trust.access.models import (
    KEYHOLDERS,
    Organisation,
    Role,
    Sphere,
    Team,
    User,
)
from amana.ui import languages
from amana.ui.form_options import FormOptions, Posted


class OrganisationForm(forms.ModelForm[Organisation]):
    class Meta:
        model = Organisation
        fields = ["name", "kind", "sphere"]
        labels = {"name": _("Name"), "kind": _("Kind"), "sphere": _("Sphere of work")}
        help_texts = {
            "sphere": _(
                "This decides what can ever be sent to it, even with consent. "
                "Nothing is ever sent to border and immigration authorities."
            )
        }
        widgets = {"kind": forms.RadioSelect, "sphere": forms.RadioSelect}

    def __init__(
        self,
        data: Posted = None,
        *,
        instance: Organisation | None = None,
        **kwargs: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, instance=instance, **kwargs)
        # Saved with another name, a proposal stays; the sphere of before withdraws it.
        self.initial["sphere"] = self.instance.proposed_sphere or self.instance.sphere
        # Radio buttons need no empty one to begin with.
        for name, choices in {"kind": Organisation.Kind, "sphere": Sphere}.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices.choices


class TeamForm(forms.ModelForm[Team]):
    class Meta:
        model = Team
        fields = ["name", "email", "phone"]
        labels = {
            "name": _("Name"),
            "email": _("Team e-mail address"),
            "phone": _("Team telephone number"),
        }
        help_texts = {
            "email": _(
                "For messages such as “Something is waiting for you”. They never "
                "give details."
            ),
            "phone": _(
                "The number other teams call about a referral. Enter one number, as "
                "dialled locally."
            ),
        }

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        beside = Team.objects.filter(organisation=self.instance.organisation_id)
        if beside.filter(name=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(
                _("The organisation already has a team with this name.")
            )
        return name

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        if phone and not format_dialled(phone):
            raise forms.ValidationError(
                _("Enter one number, as dialled locally, such as 020 555 0123.")
            )
        return phone


class ColleagueForm(forms.Form):
    """Whom to propose for a team, in which role."""

    email = forms.EmailField(label=_("Work e-mail address"))
    name = forms.CharField(label=_("Name"), max_length=150)
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    language = forms.ChoiceField(label=_("Language"), choices=languages.list_languages)

    def __init__(
        self, data: Posted = None, *, every_role: bool, **kwargs: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **kwargs)
        offered = [r for r in Role if every_role or r in KEYHOLDERS]
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(role.value, role.label) for role in offered]
        self.fields["email"].widget.attrs["dir"] = "ltr"


class ProfileForm(forms.ModelForm[User]):
    language = forms.ChoiceField(label=_("Language"), choices=languages.list_languages)

    class Meta:
        model = User
        fields = ["name", "language"]
        labels = {"name": _("Your name, as colleagues see it")}
