from django.urls import path, register_converter
from django.urls.converters import StringConverter

from amana.care.pathways.views import (
    course,
    leaving,
    overview_pages,
    retired_cases,
    step,
    task_list,
)


class StepKeyConverter(StringConverter):
    """A step, and in an each its item: codes of the pack, such as child_needs@c1."""

    regex = "[a-z0-9_@.-]{1,200}"


register_converter(StepKeyConverter, "stepkey")

app_name = "pathways"
urlpatterns = [
    path("", task_list.due, name="due"),
    path("retired/", retired_cases.retired_cases, name="retired"),
    path("overview/", overview_pages.overview, name="overview"),
    path("overview/conformance/", overview_pages.conformance, name="conformance"),
    path("versions/<int:pk>/move-again/", overview_pages.move_again, name="move_again"),
    path("begin/<uuid:case>/", course.begin, name="begin"),
    path("change/<uuid:case>/", course.change_mechanism, name="change_mechanism"),
    path("<uuid:pk>/", course.course, name="course"),
    path("<uuid:pk>/override/", leaving.leave, {"how": "override"}, "override"),
    path("<uuid:pk>/catch-up/", course.catch_up, name="catch_up"),
    path("<uuid:pk>/hear/", course.hear, name="hear"),
    path("<uuid:pk>/place/", overview_pages.place, name="place"),
    path("<uuid:pk>/<stepkey:step>/", step.step, name="step"),
    path("<uuid:pk>/<stepkey:step>/skip/", leaving.leave, {"how": "skip"}, "skip"),
    path("<uuid:pk>/<stepkey:step>/again/", leaving.leave, {"how": "reopen"}, "reopen"),
    path(
        "<uuid:pk>/<stepkey:step>/role/", leaving.leave, {"how": "reassign"}, "reassign"
    ),
    path(
        "<uuid:pk>/<stepkey:step>/person/", leaving.leave, {"how": "person"}, "person"
    ),
    path("<uuid:pk>/<stepkey:step>/team/", leaving.leave, {"how": "team"}, "team"),
]
