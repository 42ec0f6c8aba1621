"""What people say of the help they got, and what is made of it. No row here says who
said something, when within the month, or in which case."""

from amana.insight.feedback.models.complaints import Complaint, Kind, Letter, Outcome
from amana.insight.feedback.models.council import Advice
from amana.insight.feedback.models.offers import Offer
from amana.insight.feedback.models.partners import Rated, Side
from amana.insight.feedback.models.published import Change
from amana.insight.feedback.models.reviews import ASK_WITHIN, Review, Verdict
from amana.insight.feedback.models.voices import (
    Desk,
    Door,
    Duty,
    Kiosk,
    Mark,
    Slip,
    Voice,
    Waiting,
)

__all__ = [
    "ASK_WITHIN",
    "Advice",
    "Change",
    "Complaint",
    "Desk",
    "Door",
    "Duty",
    "Kind",
    "Kiosk",
    "Letter",
    "Mark",
    "Offer",
    "Outcome",
    "Rated",
    "Review",
    "Side",
    "Slip",
    "Verdict",
    "Voice",
    "Waiting",
]
