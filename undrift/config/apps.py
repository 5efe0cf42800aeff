from importlib import import_module

from django.apps import AppConfig

from undrift.config.lines import write_no_values


class HouseConfig(AppConfig):
    name = "undrift.config"
    label = "house"

    def ready(self) -> None:
        import_module("undrift.config.checks")  # registers them
        write_no_values()
