from django.urls import path

from undrift.desks.importing import checks, runs, views

urlpatterns = [
    path("import", views.bring, name="import"),
    path("import/runs/<int:number>", runs.run, name="import-run"),
    path("import/runs/<int:number>/undo", runs.undo, name="import-undo"),
    path("import/<str:reference>", checks.check, name="import-check"),
]
