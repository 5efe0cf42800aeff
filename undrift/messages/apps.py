from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "undrift.messages"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"
