from django.apps import AppConfig


class UIConfig(AppConfig):
    name = "amana.ui"
    label = "ui"
