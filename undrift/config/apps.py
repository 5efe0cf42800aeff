from importlib import import_module

from django.apps import AppConfig


class HouseConfig(AppConfig):
    name = "undrift.config"
    label = "house"

    def ready(self) -> None:
        import_module("undrift.config.checks")  # registers them
