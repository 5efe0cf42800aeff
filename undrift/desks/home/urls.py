"""/ : what waits for me; and what I have typed and not sent"""

from django.urls import path

from undrift.desks.home import kept, views

urlpatterns = [
    path("", views.home, name="home"),
    path("typed", kept.keep, name="keep-text"),
    path("typed/<int:number>", kept.kept_text, name="kept-text"),
    path("typed/<int:number>/clear", kept.clear, name="clear-kept-text"),
]
