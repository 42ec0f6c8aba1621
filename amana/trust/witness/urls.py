from django.urls import path

from amana.trust.witness import views

app_name = "witness"
urlpatterns = [
    path("", views.witnesses, name="witnesses"),
    path("new", views.new, name="new"),
    path("<int:pk>/confirm", views.confirm_witness_, name="confirm_witness"),
    path("<int:pk>/end", views.end_witness_, name="end_witness"),
    path("<int:pk>/carry", views.carry, name="carry"),
    path("<int:pk>/request", views.take_request, name="take_request"),
    path("logs/new", views.new_log, name="new_log"),
    path("logs/<int:pk>/confirm", views.confirm_log, name="confirm_log"),
    path("logs/<int:pk>/end", views.end_log, name="end_log"),
    path("paper", views.paper, name="paper"),
    path("paper/compare", views.compare, name="compare"),
    path("program", views.program, name="program"),
    path("restoration", views.restoration, name="restoration"),
    path("restoration/propose", views.propose, name="propose"),
    path("restoration/<int:pk>/confirm", views.confirm, name="confirm"),
    path("restoration/<int:pk>/withdraw", views.withdraw, name="withdraw"),
    path("add-checkpoint", views.add_checkpoint, name="add_checkpoint"),
]
