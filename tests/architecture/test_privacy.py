"""What is stored about people is known, field by field (amana/privacy.py)."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from amana.privacy import Privacy, personal, plain, sealed

OURS = [
    model
    for model in apps.get_models(include_auto_created=True)
    if model.__module__.startswith("amana.") and not model._meta.auto_created
]


def stored(model: type[models.Model]) -> list["models.Field[Any, Any]"]:
    """The model's own fields, but for an id that is counted up or drawn by lot."""
    return [
        field
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]
        if not (
            field.primary_key and isinstance(field, models.AutoField | models.UUIDField)
        )
    ]


def unclassed(model: type[models.Model]) -> list[str]:
    """What is wrong with the model's `class Privacy`."""
    classes = getattr(model, "Privacy", None)
    if classes is None:
        return ["has no `class Privacy`"]
    said = {k: v for k, v in vars(classes).items() if not k.startswith("_")}
    kept = said.pop("kept", "")
    names = {field.name for field in stored(model)}
    if "id" not in names:
        said.pop("id", None)  # may be classed, need not
    wrong = [] if str(kept).endswith(".") else ["`kept` is not a sentence"]
    wrong += [f"{name} is not classed" for name in sorted(names - said.keys())]
    wrong += [f"{name} is not a field" for name in sorted(said.keys() - names)]
    wrong += [f"{k} = {v!r}" for k, v in said.items() if not isinstance(v, Privacy)]
    for field in stored(model):
        wrong += contradicted(field, said.get(field.name))
    return wrong


def contradicted(field: "models.Field[Any, Any]", said: Privacy | None) -> list[str]:
    """Where a field's own type shows that its class is wrong."""
    names_someone = isinstance(field, models.EmailField | models.ImageField) or (
        field.is_relation
        and field.related_model is not None
        and field.related_model._meta.label == settings.AUTH_USER_MODEL
    )
    if names_someone and said is plain:
        return [f"{field.name} points to a person, so it is not plain"]
    if said is sealed and not isinstance(field, models.BinaryField):
        return [f"{field.name} is sealed, so it holds bytes"]
    return []


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_stored_field_is_classed(model: type[models.Model]) -> None:
    assert unclassed(model) == []


def test_there_are_models_to_class() -> None:
    assert OURS


def test_a_forgotten_field_is_named() -> None:
    """The check above notices each way of getting it wrong."""

    class Meta(SimpleNamespace):
        local_fields = [
            models.TextField(name="story"),
            models.EmailField(name="email"),
            models.TextField(name="hidden"),
            models.AutoField(name="id", primary_key=True),
        ]
        local_many_to_many: list[Any] = []

    class Classes:
        kept = "A year"
        email = plain
        hidden = sealed
        gone = personal

    model: Any = SimpleNamespace(_meta=Meta, Privacy=Classes)
    assert unclassed(model) == [
        "`kept` is not a sentence",
        "story is not classed",
        "gone is not a field",
        "email points to a person, so it is not plain",
        "hidden is sealed, so it holds bytes",
    ]
    del model.Privacy
    assert unclassed(model) == ["has no `class Privacy`"]
