from django.urls import path

from amana.academy.authoring import views

app_name = "authoring"
urlpatterns = [
    path("", views.drafts, name="drafts"),
    path("<int:pk>/", views.draft, name="draft"),
    path("<int:pk>/new/", views.new, name="new"),
    path("<int:pk>/file/<int:number>/", views.edit, name="edit"),
    path("<int:pk>/file/<int:number>/remove", views.remove, name="remove"),
    path("<int:pk>/look/<int:number>/", views.look, name="look"),
    path("<int:pk>/figure/<int:number>", views.figure, name="figure"),
    path("<int:pk>/publish", views.publish, name="publish"),
    path("<int:pk>/put-away", views.put_away, name="put_away"),
    path("<int:pk>/course.zip", views.download, name="download"),
]
