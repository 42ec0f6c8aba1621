"""What opens keys, as it is typed."""

from typing import Unpack

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.trust.access.models import User
from amana.trust.vault import passphrases
from amana.ui.form_options import FormOptions, Label, Posted


def build_passphrase_field(label: Label, *, new: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label,
        # A space at either end belongs to the passphrase: the key was derived with it.
        strip=False,
        widget=forms.PasswordInput(
            attrs={"autocomplete": "new-password" if new else "current-password"}
        ),
    )


def build_code_field(label: Label) -> forms.CharField:
    attrs = {
        "autocomplete": "off",
        "autocapitalize": "characters",
        "spellcheck": "false",
        "dir": "ltr",
    }
    return forms.CharField(label=label, widget=forms.TextInput(attrs=attrs))


class PassphraseForm(forms.Form):
    passphrase = build_passphrase_field(gettext_lazy("Passphrase"))


class RecoveryCodeForm(forms.Form):
    code = build_code_field(gettext_lazy("Your code"))


class NewPassphraseForm(forms.Form):
    """A passphrase of one's own, typed twice, since no one else can send a new one."""

    passphrase = build_passphrase_field(gettext_lazy("New passphrase"), new=True)
    again = build_passphrase_field(gettext_lazy("Repeat the passphrase"), new=True)

    def __init__(
        self,
        data: Posted = None,
        *,
        of: User | None = None,
        **kwargs: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **kwargs)
        self.of = of
        self.fields["passphrase"].help_text = _(
            "At least 15 characters. Four or five unrelated words are easy to "
            "remember and hard to guess. You can paste it."
        )

    def clean(self) -> dict[str, object]:
        said = super().clean() or {}
        passphrase, again = said.get("passphrase", ""), said.get("again", "")
        if passphrase and again and passphrase != again:
            self.add_error("again", _("The two passphrases don’t match."))
        if passphrase and self.of is not None:
            self.check(passphrase, self.of)
        return said

    def check(self, passphrase: str, of: User) -> None:
        try:
            passphrases.check(passphrase, of=of)
        except ValidationError as error:
            self.add_error("passphrase", error)


class RecoverForm(NewPassphraseForm):
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "username", "dir": "ltr"}),
    )
    code = build_code_field(gettext_lazy("Code on your recovery sheet"))
    field_order = ("email", "code", "passphrase", "again")


class ConfirmForm(forms.Form):
    compared = forms.BooleanField(
        label=gettext_lazy(
            "We are speaking with each other, and all eight groups are the same."
        )
    )
    compared_key = forms.CharField(widget=forms.HiddenInput)
    """Those that stood on the page: what was compared is what is let in."""
