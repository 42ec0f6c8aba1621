from django.urls import path

from amana.academy.toolkits import views

app_name = "toolkits"
urlpatterns = [
    path("<slug:slug>/", views.course, name="course"),
    path("<slug:slug>/brief/<slug:format>/download", views.policy_brief, name="brief"),
    path("<slug:slug>/<slug:code>/download", views.everything, name="all"),
    path(
        "<slug:slug>/<slug:code>/<slug:kind>/<slug:format>/download",
        views.one,
        name="one",
    ),
]
