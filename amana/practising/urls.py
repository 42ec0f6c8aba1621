from django.urls import path

from amana.practising import views

app_name = "practising"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("as", views.choose_account, name="choose_account"),
    path("made", views.made, name="made"),
]
