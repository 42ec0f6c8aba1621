from django.urls import path

from amana.trust.oversight import breaches, views

app_name = "audit"
urlpatterns = [
    path("", views.events, name="log"),
    path("check", views.check, name="check"),
    path("copy", views.take_copy, name="copy"),
    path("checker", views.checker, name="checker"),
    path("case/<uuid:case>/", views.case, name="case"),
    path("incidents/", breaches.register, name="breaches"),
    path("incidents/new/", breaches.new, name="new_breach"),
    path("incidents/<uuid:pk>/", breaches.breach, name="breach"),
    path("incidents/<uuid:pk>/assess/", breaches.assess, name="assess_breach"),
    path("incidents/<uuid:pk>/authority/", breaches.notify, name="notify_breach"),
    path("incidents/<uuid:pk>/people/", breaches.tell_people, name="tell_people"),
    path("incidents/<uuid:pk>/close/", breaches.close, name="close_breach"),
    path("incidents/<uuid:pk>/none/", breaches.strike, name="strike_breach"),
]
