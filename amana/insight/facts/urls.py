from django.urls import path

from amana.insight.facts import views

app_name = "facts"
urlpatterns = [path("", views.definitions, name="definitions")]
