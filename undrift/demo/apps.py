from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "undrift.demo"
    label = "demo"
    default_auto_field = "django.db.models.BigAutoField"
