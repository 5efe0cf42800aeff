from django.apps import AppConfig


class DesksConfig(AppConfig):
    name = "undrift.desks"
    label = "desks"
    verbose_name = "Desks"
