from django.urls import path

from amana.exchange.imports import views

app_name = "imports"

urlpatterns = [
    path("", views.start, name="start"),
    path("<uuid:pk>/", views.brought, name="brought"),
    path("<uuid:pk>/proceed/", views.proceed, name="proceed"),
    path("<uuid:pk>/take-in/", views.take_in, name="take_in"),
    path("<uuid:pk>/undo/", views.undo, name="undo"),
    path("<uuid:pk>/rows/<slug:outcome>/", views.rows, name="rows"),
    path("<uuid:pk>/mend/<int:number>/", views.mend, name="mend"),
]
