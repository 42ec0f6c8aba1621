from django.urls import path

from amana.home import views

app_name = "home"
urlpatterns = [
    path("", views.front, name="front"),
    path("in/<slug:language>/", views.front, name="front_in"),
    path("today/", views.today, name="today"),
    path("search/", views.search, name="search"),
]
