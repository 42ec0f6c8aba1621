from django.urls import path

from amana.academy.courses import item_pages, reference_pages, views

app_name = "courses"
urlpatterns = [
    path("", views.home, name="home"),
    path("publish/<slug:code>", views.publish, name="publish"),
    path("tests/<int:pk>/", views.take, name="take"),
    path("<slug:slug>/", views.course, name="course"),
    path("<slug:slug>/begin", views.begin, name="begin"),
    path("<slug:slug>/track", views.choose_track, name="track"),
    path("<slug:slug>/progress", views.progress, name="progress"),
    path("<slug:slug>/answers", item_pages.item_statistics, name="answers"),
    path("<slug:slug>/glossary", reference_pages.glossary, name="glossary"),
    path("<slug:slug>/<slug:code>/", views.module, name="module"),
    path("<slug:slug>/<slug:code>/live", reference_pages.live, name="live"),
    path("<slug:slug>/<slug:code>/test", views.test, name="test"),
    path(
        "<slug:slug>/<slug:code>/test/answers", item_pages.item_statistics, name="items"
    ),
    path("<slug:slug>/<slug:code>/test/ask", views.ask_for_attempts, name="ask_again"),
    path("<slug:slug>/<slug:code>/assignment", views.assignment, name="assignment"),
    path(
        "<slug:slug>/<slug:code>/figures/<slug:part>.svg", views.figure, name="figure"
    ),
    path(
        "<slug:slug>/<slug:code>/figures/<slug:part>.<slug:language>.svg",
        views.figure,
        name="figure",
    ),
    path("<slug:slug>/<slug:code>/<slug:part>/", views.lesson, name="lesson"),
    path("<slug:slug>/<slug:code>/<slug:part>/read", views.read, name="read"),
    path("<slug:slug>/<slug:code>/<slug:part>/answer", views.answer, name="answer"),
]
