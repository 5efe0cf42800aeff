from django.urls import path

from undrift.desks.help import gallery, policy, views

urlpatterns = [
    path("help", views.plain, {"page": "help"}, name="help"),
    path("help/words", views.words, name="words"),
    path("help/policy", policy.policy, name="policy"),
    path("help/policy/<slug:council>", policy.of_council, name="council-policy"),
    path("help/components", gallery.components, name="components"),
    path("accessibility", views.plain, {"page": "accessibility"}, name="accessibility"),
    path("privacy", views.plain, {"page": "privacy"}, name="privacy"),
]
