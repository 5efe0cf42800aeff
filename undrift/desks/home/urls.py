"""/ : what waits for me; and what I have typed and not sent"""

from django.urls import path

from undrift.desks.home import kept, saved, views

urlpatterns = [
    path("", views.home, name="home"),
    path("typed", kept.keep, name="keep-text"),
    path("typed/<int:number>", kept.kept_text, name="kept-text"),
    path("typed/<int:number>/clear", kept.clear, name="clear-kept-text"),
    path("drafts/<int:number>", saved.kept_draft, name="kept-draft"),
    path("drafts/<int:number>/clear", saved.clear, name="clear-kept-draft"),
]
