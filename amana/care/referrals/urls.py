from django.urls import path, register_converter

from amana.care.referrals.steps import BY_CODE
from amana.care.referrals.views import (
    bulk_handover,
    calendar,
    one,
    outside_pages,
    referral_lists,
    sending,
    sent_referral,
    team,
    vital_interest_pages,
)
from amana.ui.addresses import build_word_converter

register_converter(build_word_converter(referral_lists.RECEIVED), "received")
register_converter(build_word_converter(referral_lists.FOLLOWED), "followed")
register_converter(build_word_converter(BY_CODE), "step")

app_name = "referrals"
urlpatterns = [
    path("received/", referral_lists.inbox, name="inbox"),
    path("received/<received:kind>/", referral_lists.inbox, name="inbox"),
    path("sent/", referral_lists.sent, name="sent"),
    path("sent/<followed:kind>/", referral_lists.sent, name="sent"),
    path("late/", referral_lists.late, name="late"),
    path("watch/", referral_lists.watch, name="watch"),
    path("together/", bulk_handover.together, name="together"),
    path("together/assign/", bulk_handover.assign, name="assign_together"),
    # when people are expected
    path("appointments/", calendar.month, name="calendar"),
    path("appointments/week/", calendar.week, name="week"),
    path("appointments/file/", calendar.own_file, name="appointments_file"),
    # sending
    path("needs/<uuid:need>/choose/", sending.choose, name="choose"),
    path("needs/<uuid:need>/ask/<int:service>/", sending.ask, name="ask"),
    path(
        "needs/<uuid:need>/vital/<int:service>/",
        vital_interest_pages.vital_interest,
        name="vital",
    ),
    path("needs/<uuid:need>/unmet/", sending.unmet, name="unmet"),
    path("needs/<uuid:need>/avoid/<int:organisation>/", sending.avoid, name="avoid"),
    # who answers
    path("team/", team.rotas, name="rotas"),
    path("team/<int:pk>/", team.rota, name="rota"),
    path("team/<int:pk>/duty/", team.duty, name="duty"),
    path("cover/<int:pk>/end/", team.end_cover, name="end_cover"),
    # a recipient without the system
    path("<uuid:pk>/outside/", outside_pages.outside, name="outside"),
    path("<uuid:pk>/sheet/", outside_pages.sheet, name="sheet"),
    path("<uuid:pk>/code/", outside_pages.code, name="code"),
    path("open/<uuid:pk>/", outside_pages.sealed, name="sealed"),
    path("slip/", outside_pages.slip, name="slip"),
    path("<uuid:pk>/slip/", outside_pages.make_slip, name="make_slip"),
    path("<uuid:pk>/slip/end/", outside_pages.revoke_slips, name="revoke_slips"),
    # after sending
    path("<uuid:pk>/sent/", sent_referral.sent_to, name="sent_to"),
    path("papers/<uuid:case>/", sent_referral.person_slip, name="person_slip"),
    # one referral
    path("<uuid:pk>/", one.referral, name="referral"),
    path("<uuid:pk>/take/", one.take, name="take"),
    path("<uuid:pk>/leave/", one.leave, name="leave"),
    path("<uuid:pk>/write/", one.write, name="write"),
    path("<uuid:pk>/<step:step>/", one.step, name="step"),
]
