"""/conferences?month=2026-12"""

from django.urls import path

from undrift.desks.conferences import views

urlpatterns = [path("conferences", views.conferences, name="conferences")]
