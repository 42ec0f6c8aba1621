from django.urls import path, register_converter

from amana.insight.feedback.models import PartnerSide
from amana.insight.feedback.views import (
    complaining,
    desk,
    doors,
    partner_pages,
    public_pages,
    review_pages,
    slip_offer_pages,
)
from amana.ui.addresses import build_word_converter

register_converter(build_word_converter(PartnerSide.values), "rating_side")

app_name = "feedback"
urlpatterns = [
    # public, without an account
    path("", public_pages.start, name="start"),
    path("slip/<slug:code>/", public_pages.slip, name="slip"),
    path("house/<slug:code>/", public_pages.kiosk, name="kiosk"),
    path("go", public_pages.go, name="go"),
    path("send", public_pages.send, name="send"),
    path("thanks", public_pages.thanks, name="thanks"),
    path("changes/", public_pages.changes, name="changes"),
    path("council/", public_pages.council, name="council"),
    path("complaint/", complaining.complain, name="complain"),
    path("complaint/state", complaining.state, name="state"),
    path("complaint/again", complaining.again, name="again"),
    # for those who listen
    path("desk/", desk.desk, name="desk"),
    path("desk/read/", desk.read, name="read"),
    path("desk/read/<uuid:pk>/", desk.mark, name="mark"),
    path("desk/changes/", desk.changes, name="made"),
    path("desk/changes/<int:pk>/take-back", desk.take_back, name="take_back"),
    path("desk/complaints/", desk.complaints, name="complaints"),
    path("desk/complaints/<uuid:pk>/", desk.complaint, name="complaint"),
    path("desk/complaints/<uuid:pk>/seen", desk.see, name="see"),
    path("desk/complaints/<uuid:pk>/over", review_pages.hand_over, name="hand_over"),
    path("desk/complaints/<uuid:pk>/again/", review_pages.review, name="review"),
    path("desk/slips/", doors.slips, name="slips"),
    path("desk/devices/", doors.kiosks, name="kiosks"),
    path("desk/devices/<uuid:pk>/end", doors.end_kiosk, name="end_kiosk"),
    path("desk/teams/", doors.desks, name="desks"),
    path("desk/teams/<int:pk>/end", doors.dismiss, name="dismiss"),
    path("desk/for-somebody/", doors.spoken, name="spoken"),
    path("desk/slips-due/", slip_offer_pages.offers, name="offers"),
    path("desk/slips-due/<uuid:pk>/", slip_offer_pages.offer, name="offer"),
    path("desk/referrals/", partner_pages.referrals, name="referrals"),
    path(
        "desk/referrals/<uuid:pk>/<rating_side:part>/", partner_pages.rate, name="rate"
    ),
    path("desk/advice/", partner_pages.advice, name="advice"),
    path("desk/advice/<int:pk>/", partner_pages.answer, name="answer_advice"),
]
