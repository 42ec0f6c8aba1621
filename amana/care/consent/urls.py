from django.urls import path, register_converter

from amana.care.consent import views, vital_views
from amana.care.consent.models import Consent
from amana.ui.addresses import build_word_converter

register_converter(build_word_converter(Consent.Purpose.values), "purpose")

app_name = "consent"
urlpatterns = [
    path("ask/<uuid:case>/", views.ask, name="ask"),
    path("ask/<uuid:case>/<int:team>/<purpose:kind>/", views.question, name="question"),
    path("ask/<uuid:case>/<int:team>/<purpose:kind>/text", views.text, name="text"),
    path("case/<uuid:case>/", views.ledger, name="ledger"),
    path("<uuid:pk>/", views.consent, name="consent"),
    path("<uuid:pk>/again", views.again, name="again"),
    path("<uuid:pk>/withdraw", views.withdraw, name="withdraw"),
    path("<uuid:pk>/share", views.share, name="share"),
    path("recordings/<int:pk>", views.recording, name="recording"),
    path("withdraw/", views.withdraw_for, name="withdraw_for"),
    path("shared/", views.shared, name="shared"),
    path("shared/<uuid:pk>/", views.disclosure, name="disclosure"),
    path("vital/<uuid:pk>/", vital_views.page, name="vital"),
    path("vital/<uuid:pk>/decide", vital_views.decide, name="decide_vital"),
    path("vital/<uuid:pk>/object", vital_views.object_to, name="object_to_vital"),
    path("vital/<uuid:pk>/answer", vital_views.answer, name="answer_vital"),
    path("destroy/", views.destructions, name="destructions"),
    path("destroy/owed/", views.owed, name="owed"),
    path("destroy/<int:pk>/", views.destroy, name="destroy"),
]
