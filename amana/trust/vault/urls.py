from django.urls import path

from amana.trust.vault import views

app_name = "vault"
urlpatterns = [
    path("unlock", views.unlock, name="unlock"),
    path("lock", views.lock, name="lock"),
    path("join", views.join, name="join"),
    path("passphrase", views.choose_passphrase, name="choose_passphrase"),
    path("passphrase/change", views.change_passphrase, name="change_passphrase"),
    path("welcome", views.welcome, name="welcome"),
    path("admissions", views.admissions, name="admissions"),
    path("members/<int:pk>/confirm", views.confirm, name="confirm"),
    path("members/<int:pk>/end", views.end, name="end"),
    path("members/<int:pk>/readmit", views.readmit, name="readmit"),
    path("teams/<int:pk>/renew", views.renew, name="renew"),
    path("recovery-code", views.recovery_code, name="recovery_code"),
    path("recover", views.recover, name="recover"),
]
