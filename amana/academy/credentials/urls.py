from django.urls import path, register_converter

from amana.academy.credentials import views
from amana.ui.addresses import build_word_converter

register_converter(build_word_converter(views.FILES), "file")

app_name = "credentials"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("issued/", views.issued, name="issued"),
    path("award/", views.awards, name="awards"),
    path("award/<int:pk>/", views.award, name="award"),
    path("verify", views.verify, name="verify"),
    path("verify.html", views.verifier, name="verifier"),
    path("revoked/<int:number>", views.revoked, name="revoked"),
    path("for/<slug:code>/<int:version>/", views.achievement, name="achievement"),
    path("<uuid:pk>/", views.certificate, name="certificate"),
    path("<uuid:pk>/file/<file:format>", views.file, name="file"),
    path("<uuid:pk>/revoke", views.revoke, name="revoke"),
]
