from django.urls import path

from amana.trust.operation import views

app_name = "operation"
urlpatterns = [
    path("", views.state, name="state"),
    path("tasks/", views.tasks, name="tasks"),
    path("tasks/again", views.run_all_again, name="run_all_again"),
    path("tasks/<uuid:pk>/again", views.run_again, name="run_again"),
    path("tasks/<uuid:pk>/discard", views.discard, name="discard"),
]
