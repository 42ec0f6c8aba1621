"""What is asked to check a certificate, to award one, or to revoke one."""

from django import forms
from django.utils.translation import gettext_lazy as _

from amana.academy.credentials.engine.baking import PICTURE_MOST_BYTES
from amana.academy.credentials.models import Achievement, Certificate, Endorsement
from amana.trust.access.models import User
from amana.ui.form_options import Posted

ENDORSEMENT_MOST_BYTES = 64 * 1024


class VerifyForm(forms.Form):
    file = forms.FileField(
        label=_("Certificate file"),
        help_text=_("JSON, a token (JWT), or a PNG or SVG picture that holds it."),
        required=False,
    )
    text = forms.CharField(
        label=_("Or its text"),
        help_text=_("What a phone reads from the QR code, or the content of the file."),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "dir": "ltr"}),
        max_length=100_000,
        required=False,
    )

    def clean(self) -> dict[str, object]:
        said = super().clean() or {}
        file = said.get("file")
        if not file and not said.get("text") and not self.errors:
            raise forms.ValidationError(_("Choose a file, or paste the text."))
        if file and file.size > PICTURE_MOST_BYTES:
            self.add_error("file", _("This file is too large for a certificate."))
        return said

    @property
    def given(self) -> bytes:
        file = self.cleaned_data.get("file")
        if file:
            found: bytes = file.read()
            return found
        return str(self.cleaned_data["text"]).encode()


class AttestationForm(forms.Form):
    """Who is certified by exception, why, and which level of each criterion they
    reached."""

    email = forms.EmailField(
        label=_("Their e-mail address"),
        help_text=_("The address with which they sign in here."),
    )
    named = forms.BooleanField(
        label=_("Show their name on it, as they wish"), required=False
    )

    reason = forms.CharField(
        label=_("Where you have seen the work, and why no course has assessed it"),
        help_text=_(
            "It becomes part of the certificate’s file: everyone who checks the file "
            "can read it. Write nothing about people in your cases."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=1_000,
    )

    def __init__(self, achievement: Achievement, data: Posted = None) -> None:
        super().__init__(data)
        self.criteria = achievement.criteria_by_level
        for criterion in self.criteria:
            self.fields[f"level-{criterion.code}"] = forms.ChoiceField(
                label=criterion.name,
                choices=[(level.code, level.name) for level in criterion.levels],
                widget=forms.RadioSelect,
            )

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        self.learner = User.objects.filter(email=email, is_active=True).first()
        if self.learner is None:
            raise forms.ValidationError(_("No active account here has this address."))
        return email

    @property
    def levels(self) -> dict[str, str]:
        said = self.cleaned_data
        return {
            criterion.code: said[f"level-{criterion.code}"]
            for criterion in self.criteria
        }


class AchievementField(forms.ModelChoiceField[Achievement]):
    """A choice of what can be certified, each version by its number."""

    def label_from_instance(self, achievement: Achievement) -> str:
        return f"{achievement.name} ({achievement.code}, {achievement.version})"


class EndorsementForm(forms.Form):
    """What another body signed of a certificate, and how its key was compared."""

    achievement = AchievementField(
        label=_("Which certificate it endorses"),
        queryset=Achievement.objects.newest_first(),
    )
    file = forms.FileField(
        label=_("The signed endorsement"),
        help_text=_("JSON, an EndorsementCredential of Open Badges 3.0."),
    )
    keys = forms.FileField(
        label=_("The body’s keys (did.json)"),
        help_text=_("Not needed where the body’s id begins with did:key."),
        required=False,
    )
    compared = forms.CharField(
        label=_("How you compared the key with the body’s"),
        help_text=_("For example: read out by its registrar on the telephone."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
    )

    def clean(self) -> dict[str, object]:
        said = super().clean() or {}
        for name in ("file", "keys"):
            file = self.files.get(name)
            if file and (file.size or 0) > ENDORSEMENT_MOST_BYTES:
                self.add_error(name, _("This file is too large."))
        return said

    def read_files(self) -> tuple[bytes, bytes]:
        """Read the endorsement, and the keys; empty where none came."""
        keys = self.cleaned_data.get("keys")
        return self.cleaned_data["file"].read(), keys.read() if keys else b""


class EndForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why it is over"),
        choices=Endorsement.EndReason,
        widget=forms.RadioSelect,
    )


class RevokeForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Reason for revoking it"),
        choices=Certificate.Reason,
        widget=forms.RadioSelect,
    )
