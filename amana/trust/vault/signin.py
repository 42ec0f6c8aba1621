"""How allauth signs people in here, in the places that it leaves open for that.

The passphrase is proved by opening the person's key with it: there is no second
verifier of it for a thief of the database to try guesses on, and a person who signs in
with it has unlocked at once. The keyring waits in the session, sealed under the cookie,
while the second factor is asked for.
"""

import unicodedata
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm, LoginWebAuthnForm
from django import forms
from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from amana.installed import LEARNER_HOME
from amana.trust.access import devices, sessions
from amana.trust.access.http import remember_language, signed_in
from amana.trust.access.models import Membership, User
from amana.trust.audit import log
from amana.trust.vault import keys, middleware, server_secrets
from amana.trust.vault.keys import Keyring, WrongSecret

SEED_WAITS = "factor_seed"
"""Where a seed waits, sealed, until a first code from it has been shown to work."""


class PassphraseBackend(BaseBackend):
    """E-mail and passphrase; an unknown address takes as long as a wrong passphrase."""

    def authenticate(
        self, request: HttpRequest | None, **credentials: Any
    ) -> User | None:
        email, passphrase = credentials.get("email"), credentials.get("password")
        if not email or not passphrase:
            return None
        found = User.objects.filter(email=email.lower(), is_active=True)
        user = found.filter(person_key__isnull=False).first()
        if user is None:
            keys.open_nothing(passphrase)
            return None
        try:
            keys.set_keyring(keys.unlock(user, passphrase), to=user)
        except WrongSecret:
            return None
        return user

    def get_user(self, user_id: int) -> User | None:
        """Get the person, whom the session has mostly brought along, without a
        query.
        """
        owner = getattr(getattr(context.request, "session", None), "owner", None)
        if isinstance(owner, User) and owner.pk == user_id:
            return owner if owner.is_active else None
        return User.objects.filter(pk=user_id, is_active=True).first()


class SignInForm(LoginForm):
    """E-mail and passphrase, in our words."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail address")
        self.fields["password"].label = _("Passphrase")
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "dir": "ltr"}


class AccountAdapter(DefaultAccountAdapter):
    """No account with a passphrase is opened by oneself; nothing shows which accounts
    exist; signing in unlocks."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _(
            "This e-mail address and passphrase don’t match. Check both, and whether "
            "Caps Lock is on."
        ),
        "too_many_login_attempts": _(
            "Too many attempts. Wait five minutes, then try again."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def _get_login_attempts_cache_key(
        self, request: HttpRequest, **credentials: object
    ) -> str:
        """Count tries by the account alone. allauth also counts them by the Host of the
        request, whose port anyone may choose: each port gave five tries more.
        """
        return str(credentials.get("email", "")).lower()

    def pre_login(
        self, request: HttpRequest, user: User, **kwargs: object
    ) -> HttpResponse | None:
        """Keep, after the first factor, the keys that the passphrase has opened."""
        if isinstance(user.keyring, Keyring):
            middleware.keep_unlocked(request, user.keyring, of=user)
        answer: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return answer

    def post_login(
        self, request: HttpRequest, user: User, **kwargs: object
    ) -> HttpResponse:
        """Answer in the person's own language, unless this browser has another
        already.
        """
        middleware.renew_where_due(request, user)
        answer: HttpResponse = super().post_login(request, user, **kwargs)
        devices.recognise(request, user, answer)
        if settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
            return answer
        return remember_language(user.language, answer)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        return redirect("account_login")

    def login(self, request: HttpRequest, user: User) -> None:
        kept, factors = (
            request.session.get(middleware.SEALED),
            list_factors(request, user),
        )
        super().login(request, user)
        if kept:  # Django empties the session of another account
            request.session[middleware.SEALED] = kept
        sessions.begin_session(
            request.session, agent=request.headers.get("User-Agent", "")
        )
        log.record("signed in", user, by=user, factors=factors)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Send a person who still has to be confirmed to the page with their teams and
        the digits.
        """
        user = signed_in(request)
        if user is not None and user.only_learns:
            return reverse(LEARNER_HOME)
        places = Membership.objects.filter(user=user, ended_at=None)
        if places.exists() and not places.active().exists():
            return reverse("vault:welcome")
        return str(super().get_login_redirect_url(request))

    def logout(self, request: HttpRequest) -> None:
        user = signed_in(request)
        if user is not None:
            log.record("signed out", user, by=user)
        middleware.lock(request)
        super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        email = credentials.get("email", "")
        user = User.objects.filter(email=email.lower()).first()
        log.record("failed to sign in", user, by=None)

    def add_message(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> None:
        """Add errors only: pages themselves show what has been done."""
        if kwargs.get("message"):
            super().add_message(request, *args, **kwargs)

    def get_reauthentication_methods(self, user: object) -> list[dict[str, object]]:
        url = reverse("vault:unlock")
        return [{"id": "unlock", "description": _("Passphrase"), "url": url}]

    def send_mail(self, template_prefix: str, email: str, context: object) -> None:
        """Send nothing: no message of allauth may be in a mail."""


def list_factors(request: HttpRequest, user: User) -> list[str]:
    """List by what they signed in: password, totp, webauthn, in this order of time."""
    steps = get_authentication_records(request, user)
    return [step.get("type", step["method"]) for step in steps]


# --- the second factor


class FactorAdapter(DefaultMFAAdapter):
    """Seeds are sealed under the pepper: a copy of the database yields no codes."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _(
            "This code is wrong or has just expired. Try the next one."
        ),
        "cannot_delete_authenticator": _(
            "This is your only second step. Set up another one first."
        ),
    }

    def encrypt(self, text: str) -> str:
        return server_secrets.seal_text(text, "seed")

    def decrypt(self, encrypted_text: str) -> str:
        return server_secrets.open_text(encrypted_text, "seed")

    def get_totp_issuer(self) -> str:
        return "Amana"

    def build_totp_svg(self, url: str) -> str:
        return draw_qr_code(url)

    def is_mfa_enabled(
        self, user: AbstractBaseUser, types: list[str] | None = None
    ) -> bool:
        """Check whether a second step is asked for: of no learner, whose passkey is in
        place of the link by e-mail, which stays the way back."""
        if isinstance(user, User) and user.only_learns:
            return False
        return bool(super().is_mfa_enabled(user, types))

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        if authenticator.user.only_learns:
            return True
        others = Authenticator.objects.filter(user=authenticator.user)
        return bool(others.exclude(pk=authenticator.pk).exists())

    def generate_authenticator_name(self, user: object, type: object) -> str:
        agent = context.request.headers.get("User-Agent", "")
        return sessions.label_browser(agent) or str(_("Passkey"))

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        host = context.request.get_host().partition(":")[0]
        return {"id": host, "name": "Amana"}


def draw_qr_code(text: str) -> SafeString:
    """Draw an inline SVG: our content security policy loads no picture for it."""
    code = segno.make(text, error="m", micro=False)
    drawn = code.svg_inline(border=4, dark="#000", light="#fff", omitsize=True)
    return mark_safe(drawn)  # noqa: S308 — segno draws it, and `text` is only in dots


class AuthenticatorCodeForm(AuthenticateForm):
    """A code from the app, taken once."""

    LIVES = 120
    """Seconds; longer than a code is valid with the tolerance in the settings."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        label_code_field(self.fields["code"])

    def has_app(self) -> bool:
        apps = Authenticator.objects.filter(type=Authenticator.Type.TOTP)
        return bool(apps.filter(user=self.user).exists())

    def clean_code(self) -> str:
        code = self.cleaned_data["code"] = normalise_digits(self.cleaned_data["code"])
        try:
            super().clean_code()
            # A code is valid for a while, and must not work twice for an onlooker.
            if not cache.add(f"code:{self.user.pk}:{code}", 1, timeout=self.LIVES):
                raise FactorAdapter().validation_error("incorrect_code")
        except forms.ValidationError:
            log.record("failed at second step", self.user, by=None)
            raise
        return code


class PasskeyForm(AuthenticateWebAuthnForm):
    """A passkey as the second step."""

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()
        except forms.ValidationError:
            log.record("failed at second step", self.user, by=None)
            raise


class PasskeySignInForm(LoginWebAuthnForm):
    """A passkey alone: it is both steps. Whose it was to be only the browser says."""

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()
        except forms.ValidationError:
            log.record("failed to sign in", by=None)
            raise


class NewAppForm(ActivateTOTPForm):
    """Shows a new seed, and takes the first code from it.

    allauth's own form lets the seed wait in the session as it is; here it is sealed.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.user = kwargs.pop("user")
        forms.Form.__init__(self, *args, **kwargs)
        self.secret = get_waiting_seed(fresh=not self.is_bound)
        label_code_field(self.fields["code"])

    def clean_code(self) -> str:
        self.cleaned_data["code"] = normalise_digits(self.cleaned_data["code"])
        code: str = super().clean_code()
        return code


def normalise_digits(typed: str) -> str:
    """Normalise the digits of any script, as codes are typed on any keyboard."""
    return "".join(str(unicodedata.digit(c)) for c in typed if c.isdigit())


def get_waiting_seed(*, fresh: bool) -> str:
    session, adapter = context.request.session, FactorAdapter()
    if fresh or SEED_WAITS not in session:
        session[SEED_WAITS] = adapter.encrypt(generate_totp_secret())
    return adapter.decrypt(session[SEED_WAITS])


def label_code_field(code: forms.Field) -> None:
    code.label = _("Six digits from your app")
    code.widget.attrs |= {"inputmode": "numeric", "dir": "ltr", "maxlength": "9"}
    code.widget.attrs.pop("placeholder", None)
