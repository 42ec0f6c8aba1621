"""Browsers of who asks and of who is asked, and the forms that they send."""

from django.urls import reverse

from amana.care.consent import consent_questions
from amana.care.consent.forms import ConsentForm
from amana.care.consent.models import Consent
from amana.ui.once import make_form_key


def at(name, *args):
    return reverse(f"requests:{name}", args=args)


def text(response):
    return response.content.decode()


def list_of(need, *houses):
    words = "&".join(f"service={service.pk}" for service, _focal in houses)
    return f"{at('ask', need.pk)}?{words}"


def agrees(need, houses, worker, **changes):
    """What the form sends when the person has said yes to these."""
    teams = list({s.team_id: s.team for s, _focal in houses}.values())
    asked = consent_questions.open_question(
        need.case,
        recipients=teams,
        purpose=Consent.Purpose.REFERRAL,
        need=need,
        by=worker,
    )
    form = ConsentForm(asked)
    said = {
        name: form[name].value()
        for name in ("share", "until", "language", "given_by", "mode", "copy")
    }
    said["until"] = said["until"].isoformat()
    answer = {"heard": form.digest(), "understood": "on", "answer": "given"}
    return said | answer | {"order": "in_turn"} | make_form_key() | changes
