from django.urls import path

from amana.trust.oversight import views

app_name = "audit"
urlpatterns = [
    path("", views.events, name="log"),
    path("check", views.check, name="check"),
    path("copy", views.take_copy, name="copy"),
    path("checker", views.checker, name="checker"),
    path("case/<uuid:case>/", views.case, name="case"),
]
