from django.urls import path

from undrift.desks.urgent import views

urlpatterns = [path("urgent", views.urgent, name="urgent")]
