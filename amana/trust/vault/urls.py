from django.urls import path

from amana.trust.vault import views

app_name = "vault"
urlpatterns = [
    path("unlock", views.unlock, name="unlock"),
    path("lock", views.lock, name="lock"),
    path("join", views.join, name="join"),
    path("passphrase", views.choose_passphrase, name="choose_passphrase"),
    path("passphrase/change", views.change_passphrase, name="change_passphrase"),
    path("sessions/end", views.end_session, name="end_session"),
    path("sessions/end-others", views.end_other_sessions, name="end_other_sessions"),
    path("welcome", views.welcome, name="welcome"),
    path("admissions", views.admissions, name="admissions"),
    path("members/<int:pk>/confirm", views.confirm, name="confirm"),
    path("members/<int:pk>/end", views.end, name="end"),
    path("members/<int:pk>/start-again", views.start_again, name="start_again"),
    path("members/<int:pk>/suspend", views.suspend, name="suspend"),
    path("suspensions/<int:pk>/lift", views.lift, name="lift"),
    path("removals/<int:pk>", views.see_removal_, name="removal"),
    path("removals/<int:pk>/confirm", views.confirm_removal_, name="confirm_removal"),
    path("removals/<int:pk>/allow", views.allow_removal, name="allow_removal"),
    path("removals/<int:pk>/stop", views.stop_removal_, name="stop_removal"),
    path("removals/<int:pk>/try", views.try_removal, name="try_removal"),
    path("teams/<int:pk>/renew", views.renew, name="renew"),
    path("teams/<int:pk>/renew/now", views.renew_now, name="renew_now"),
    path("teams/<int:pk>/renew/again", views.renew_again, name="renew_again"),
    path("recovery-code", views.recovery_code, name="recovery_code"),
    path("recover", views.recover, name="recover"),
]
