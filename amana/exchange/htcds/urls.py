from django.urls import path

from amana.exchange.htcds import views

app_name = "htcds"
urlpatterns = [
    path("<uuid:pk>.json", views.record, name="record"),
    path("referral/<uuid:pk>.json", views.referral, name="referral"),
]
