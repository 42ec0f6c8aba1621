from django.urls import path

from amana.exchange.learning.scorm import views
from amana.exchange.learning.scorm.writing import SCORM_12, SCORM_2004

app_name = "scorm"
urlpatterns = [
    path(
        f"{folder}/<slug:slug>/{file}",
        view,
        {"edition": edition},
        name=f"{name}-{folder}",
    )
    for folder, edition in (("1.2", SCORM_12), ("2004", SCORM_2004))
    for file, view, name in (
        ("<slug:code>.zip", views.module, "module"),
        ("<slug:code>/<slug:part>.zip", views.lesson, "lesson"),
    )
]
