from django.urls import path

from amana.trust.recovery import views

app_name = "recovery"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("teams/<int:pk>", views.team, name="team"),
    path("teams/<int:pk>/choose", views.choose, name="choose"),
    path("keys/<int:pk>/confirm", views.confirm_key, name="confirm_key"),
    path("keys/<int:pk>/withdraw", views.withdraw_key, name="withdraw_key"),
    path("shares", views.own_shares, name="shares"),
    path("shares/<int:pk>/print", views.print_share, name="print_share"),
    path("shares/<int:pk>/check", views.drill, name="drill"),
    path("members/<int:pk>/regain", views.propose, name="propose"),
    path("regaining/<int:pk>", views.see, name="regaining"),
    path("regaining/<int:pk>/confirm", views.confirm, name="confirm"),
    path("regaining/<int:pk>/release", views.release, name="release"),
    path("regaining/<int:pk>/complete", views.complete, name="complete"),
    path("regaining/<int:pk>/stop", views.stop, name="stop"),
]
