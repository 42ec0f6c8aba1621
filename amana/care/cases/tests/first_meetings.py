"""Addresses of a first meeting, and the form of an intake."""

from django.urls import reverse

MEET, EMERGENCY, INTAKE = map(
    reverse, ("cases:meet", "cases:emergency", "cases:intake")
)
NEED = {
    "need-TOTAL_FORMS": "1",
    "need-INITIAL_FORMS": "0",
    "need-0-type": "SH2",
    "need-0-urgency": "U1",
    "need-0-words": "A door that locks",
}


def said(team, **fields):
    return NEED | {"team": str(team.pk), "go": "open"} | fields
