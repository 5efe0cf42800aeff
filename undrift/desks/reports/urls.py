"""/reports?period=2026-q3"""

from django.urls import path

from undrift.desks.reports import views

urlpatterns = [path("reports", views.reports, name="reports")]
