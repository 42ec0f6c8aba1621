from django.urls import path

from amana.care.emergency_access import views

app_name = "emergency_access"
urlpatterns = [
    path("", views.accesses, name="list"),
    path("open/", views.open_case, name="open"),
    path("<int:pk>/", views.access, name="access"),
    path("<int:pk>/review/", views.review, name="review"),
]
