from django.urls import path

from amana.trust.exports import views

app_name = "exports"
urlpatterns = [
    path("", views.exports, name="list"),
    path("begin/", views.begin, name="begin"),
    path("<uuid:pk>/", views.export, name="export"),
    path("<uuid:pk>/take/", views.take, name="take"),
    path("<uuid:pk>/approve/", views.approve, name="approve"),
    path("<uuid:pk>/refuse/", views.refuse, name="refuse"),
]
