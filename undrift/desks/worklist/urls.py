"""/resolutions, /search"""

from django.urls import path

from undrift.desks.worklist import views

urlpatterns = [
    path("resolutions", views.resolutions, name="resolutions"),
    path("lists/resolutions", views.resolutions_csv, name="resolutions-csv"),
    path("search", views.search, name="search"),
]
