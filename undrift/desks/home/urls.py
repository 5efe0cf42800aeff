"""/ : what waits for me"""

from django.urls import path

from undrift.desks.home import views

urlpatterns = [path("", views.home, name="home")]
