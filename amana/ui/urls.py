from django.urls import path

from amana.ui import views

app_name = "ui"
urlpatterns = [
    path("", views.gallery, name="gallery"),
    path("leave", views.leave, name="leave"),
    path("csp-report", views.csp_report, name="csp_report"),
]
