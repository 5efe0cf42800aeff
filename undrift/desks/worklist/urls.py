"""/resolutions, /resolutions/logs/starred, /search"""

from django.urls import path

from undrift.desks.worklist import log, views

urlpatterns = [
    path("resolutions", views.resolutions, name="resolutions"),
    path("lists/resolutions", views.resolutions_csv, name="resolutions-csv"),
    path("resolutions/logs/<slug:stage>", log.stage_log, name="stage-log"),
    path("search", views.search, name="search"),
]
