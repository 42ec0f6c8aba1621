from django.urls import path

from amana.trust.access import views

app_name = "access"
urlpatterns = [
    path("organisations/", views.organisations, name="organisations"),
    path("people/", views.people, name="people"),
    path("teams/", views.teams, name="teams"),
    path("organisations/add", views.add_organisation, name="add_organisation"),
    path("organisations/<int:pk>/", views.organisation, name="organisation"),
    path(
        "organisations/<int:pk>/edit", views.edit_organisation, name="edit_organisation"
    ),
    path("organisations/<int:pk>/admit", views.admit_, name="admit"),
    path("organisations/<int:pk>/teams/add", views.add_team, name="add_team"),
    path("teams/<int:pk>/", views.team, name="team"),
    path("teams/<int:pk>/edit", views.edit_team, name="edit_team"),
    path("teams/<int:pk>/propose", views.propose, name="propose"),
    path("members/<int:pk>/code", views.renew_invitation, name="renew_invitation"),
    path("members/<int:pk>/withdraw", views.withdraw, name="withdraw"),
    path("account/", views.own_account, name="account"),
    path("account/second-step", views.enrol, name="enrol"),
]
