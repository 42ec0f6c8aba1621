from django.urls import path

from amana.design.forms import views

app_name = "forms"
urlpatterns = [
    path("check", views.check, name="check"),
    path("look", views.look, name="look"),
    path("preview", views.preview, name="preview"),
    path("blank", views.blank, name="blank"),
]
