from django.urls import path

from amana.exchange.learning.lessons import views

app_name = "lessons"
urlpatterns = [
    path("<slug:slug>/", views.course, name="course"),
    path("<slug:slug>/<slug:code>/", views.module, name="module"),
]
