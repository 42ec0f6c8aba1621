"""What people say of the help they got, and what is made of it. No row here says who
said something, when within the month, or in which case."""

from amana.insight.feedback.models.complaints import (
    Complaint,
    ComplaintKind,
    ComplaintMessage,
    ComplaintOutcome,
)
from amana.insight.feedback.models.council import Advice
from amana.insight.feedback.models.offered_slips import SlipOffer
from amana.insight.feedback.models.partners import PartnerRating, PartnerSide
from amana.insight.feedback.models.published_changes import Change
from amana.insight.feedback.models.reviews import ASK_WITHIN, Review, ReviewVerdict
from amana.insight.feedback.models.voices import (
    Desk,
    DeskDuty,
    FeedbackDoor,
    Kiosk,
    Slip,
    Voice,
    VoiceTheme,
    WaitingVoice,
)

__all__ = [
    "ASK_WITHIN",
    "Advice",
    "Change",
    "Complaint",
    "ComplaintKind",
    "ComplaintMessage",
    "ComplaintOutcome",
    "Desk",
    "DeskDuty",
    "FeedbackDoor",
    "Kiosk",
    "PartnerRating",
    "PartnerSide",
    "Review",
    "ReviewVerdict",
    "Slip",
    "SlipOffer",
    "Voice",
    "VoiceTheme",
    "WaitingVoice",
]
