"""What we have to know of another learning system; and what a learner agrees to."""

from django import forms
from django.utils.translation import gettext_lazy as _

from amana.academy.learners.forms import NewLearnerForm
from amana.exchange import web
from amana.exchange.learning.lti.models import Platform

ADDRESSES = ("login_url", "keys_url", "token_url")


class PlatformForm(forms.ModelForm[Platform]):
    class Meta:
        model = Platform
        fields = ["name", "issuer", "client_id", "deployment_id", *ADDRESSES]
        labels = {
            "name": _("Display name"),
            "issuer": _("Platform ID (issuer)"),
            "client_id": _("Client ID"),
            "deployment_id": _("Deployment ID"),
            "login_url": _("Authentication request URL"),
            "keys_url": _("Public keyset URL"),
            "token_url": _("Access token URL"),
        }

    def clean(self) -> dict[str, object]:
        said: dict[str, object] = super().clean() or {}
        for name in ADDRESSES:
            url = said.get(name)
            # Tokens and keys go to these addresses: without TLS they could be read on
            # the way.
            if isinstance(url, str) and not web.is_allowed(url):
                self.add_error(name, _("The address must begin with https://."))
        return said


class LearnerForm(NewLearnerForm):
    """A new account of someone who comes from there."""

    tells = forms.BooleanField(
        label=_("Share how many modules I have passed"), required=False
    )
    field_order = ("name", "language", "tells", "accepts")


class LinkForm(forms.Form):
    tells = forms.BooleanField(
        label=_("Share how many modules I have passed"), required=False
    )
