from django.apps import AppConfig


class ResolutionsConfig(AppConfig):
    name = "undrift.resolutions"
    label = "resolutions"
    default_auto_field = "django.db.models.BigAutoField"
