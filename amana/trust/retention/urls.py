from django.urls import path

from amana.trust.retention import views

app_name = "retention"
urlpatterns = [
    path("", views.now, name="now"),
    path("clock", views.confirm_clock_, name="confirm_clock"),
    path("<uuid:pk>/", views.record, name="record"),
    path("<uuid:pk>/hold", views.new_hold, name="new_hold"),
    path("<uuid:pk>/request", views.new_request, name="new_request"),
    path("holds/<uuid:pk>/confirm", views.confirm_hold_, name="confirm_hold"),
    path("holds/<uuid:pk>/withdraw", views.withdraw_hold_, name="withdraw_hold"),
    path("holds/<uuid:pk>/lift", views.propose_lifting, name="propose_lifting"),
    path("holds/<uuid:pk>/keep", views.keep_hold_, name="keep_hold"),
    path("holds/<uuid:pk>/lifted", views.lift, name="lift_hold"),
    path("requests/<uuid:pk>/grant", views.grant, name="grant_request"),
    path("requests/<uuid:pk>/refuse", views.refuse, name="refuse_request"),
    path("requests/<uuid:pk>/confirm", views.confirm_request_, name="confirm_request"),
    path("requests/<uuid:pk>/stop", views.stop, name="stop_request"),
]
