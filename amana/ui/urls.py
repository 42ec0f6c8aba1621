from django.urls import path

from amana.ui import views

app_name = "ui"
urlpatterns = [
    path("", views.gallery, name="gallery"),
    path("csp-report", views.csp_report, name="csp_report"),
]
