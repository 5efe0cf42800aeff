"""/resolutions/R-2026-0001/next-stage."""

from django.urls import path

from undrift.desks.next_stage import views

urlpatterns = [
    path("resolutions/<str:reference>/next-stage", views.ask, name="next-stage"),
    path("resolutions/<str:reference>/next-stage/pause", views.pause, name="next-stage-pause"),
    path("resolutions/<str:reference>/next-stage/check", views.check, name="next-stage-check"),
]
