from django.urls import path

from amana.care.outcomes import views

app_name = "outcomes"
urlpatterns = [path("<uuid:pk>/", views.answers, name="answers")]
