from django.urls import path

from amana.academy.authoring import entry_views, form_views, views

app_name = "authoring"
urlpatterns = [
    path("", views.drafts, name="drafts"),
    path("<int:pk>/", views.draft, name="draft"),
    path("<int:pk>/new/", views.new, name="new"),
    path("<int:pk>/file/<int:number>/", views.edit, name="edit"),
    path("<int:pk>/file/<int:number>/remove", views.remove, name="remove"),
    path("<int:pk>/lesson/<int:number>/", form_views.lesson, name="lesson"),
    path("<int:pk>/questions/<int:number>/", entry_views.questions, name="questions"),
    path(
        "<int:pk>/questions/<int:number>/new/",
        entry_views.new_question,
        name="new_question",
    ),
    path(
        "<int:pk>/questions/<int:number>/<slug:code>/",
        entry_views.question,
        name="question",
    ),
    path(
        "<int:pk>/questions/<int:number>/<slug:code>/remove",
        entry_views.remove_question,
        name="remove_question",
    ),
    path("<int:pk>/sources/", form_views.sources, name="sources"),
    path("<int:pk>/sources/new/", entry_views.new_source, name="new_source"),
    path("<int:pk>/sources/<slug:code>/", entry_views.source, name="source"),
    path("<int:pk>/look/<int:number>/", views.look, name="look"),
    path("<int:pk>/figure/<int:number>", views.figure, name="figure"),
    path("<int:pk>/publish", views.publish, name="publish"),
    path("<int:pk>/put-away", views.put_away, name="put_away"),
    path("<int:pk>/course.zip", views.download, name="download"),
]
