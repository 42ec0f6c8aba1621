from django.urls import path

from amana.academy.assessment import views

app_name = "assessment"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("assessors/", views.assessors, name="assessors"),
    path("assessors/<int:pk>/end", views.end_assessor, name="end_assessor"),
    path("for/<slug:slug>/name", views.name, name="name"),
    path("for/<slug:slug>/<slug:code>/", views.hand_in, name="hand_in"),
    path("<int:pk>/", views.work, name="work"),
    path("<int:pk>/files/<int:file>", views.file, name="file"),
    path("<int:pk>/withdraw", views.withdraw, name="withdraw"),
    path("<int:pk>/appeal", views.appeal, name="appeal"),
    path("<int:pk>/take", views.take, name="take"),
    path("<int:pk>/give-back", views.give_back, name="give_back"),
    path("<int:pk>/judge", views.judge, name="judge"),
    path("<int:pk>/again", views.again, name="again"),
]
