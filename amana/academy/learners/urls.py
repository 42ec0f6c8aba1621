from django.urls import path

from amana.academy.learners import views

app_name = "learners"
urlpatterns = [
    path("", views.door, name="door"),
    path("sent", views.sent, name="sent"),
    path("terms", views.terms, name="terms"),
    path("account", views.account, name="account"),
    path("account/address", views.change_address, name="change_address"),
    path("account/address/<str:token>", views.new_address, name="new_address"),
    path("account/end-others", views.end_others, name="end_others"),
    path("account/close", views.close, name="close"),
    path("with/<str:token>", views.arrive, name="arrive"),
]
