"""A worker's browser, and the page on which a person is asked."""

from typing import Any

from django.urls import reverse

from amana.care.cases.models import Case
from amana.trust.access.models import Team
from amana.ui.once import make_form_key


def question(case: Case, team: Team, kind: str = "referral") -> str:
    url = reverse("consent:question", args=[case.pk, team.pk, kind])
    return f"{url}?need={case.needs.get().pk}" if kind == "referral" else url


def filled(page: Any, **changes: Any) -> dict[str, Any]:
    """What the page would post, with its idempotency key and the text's digest."""
    form = page.context["consent_form"]
    values = {field.html_name: field.value() for field in form}
    values |= {"heard": form.digest(), "understood": "on"}
    sent = {k: v for k, v in values.items() if v not in (None, False)}
    return sent | make_form_key() | changes
