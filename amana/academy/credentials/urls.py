from django.urls import path, register_converter

from amana.academy.credentials import endorsement_views, views
from amana.ui.addresses import build_word_converter

register_converter(build_word_converter(views.FILES), "file")
register_converter(build_word_converter(views.DECISIONS), "decision")

app_name = "credentials"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("issued/", views.issued, name="issued"),
    path("attest/", views.awards, name="awards"),
    path("attest/<int:pk>/", views.attest, name="attest"),
    path("attested/<int:pk>/", views.attestation, name="attestation"),
    path("attested/<int:pk>/<decision:decision>", views.decide, name="decide"),
    path("endorsements/", endorsement_views.endorsements, name="endorsements"),
    path(
        "endorsements/new/", endorsement_views.new_endorsement, name="new_endorsement"
    ),
    path("endorsements/<int:pk>/", endorsement_views.endorsement, name="endorsement"),
    path("endorsements/<int:pk>/end", endorsement_views.end, name="end_endorsement"),
    path(
        "endorsements/<int:pk>/<decision:decision>",
        endorsement_views.decide_endorsement,
        name="decide_endorsement",
    ),
    path("verify", views.verify, name="verify"),
    path("check", views.check, name="check"),
    path("verify.html", views.verifier, name="verifier"),
    path("revoked/<int:number>", views.revoked, name="revoked"),
    path("for/<slug:code>/<int:version>/", views.achievement, name="achievement"),
    path("<uuid:pk>/", views.certificate, name="certificate"),
    path("<uuid:pk>/file/<file:format>", views.file, name="file"),
    path("<uuid:pk>/revoke", views.revoke, name="revoke"),
]
