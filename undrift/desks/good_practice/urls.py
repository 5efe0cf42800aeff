"""/good-practice, /good-practice/12, /good-practice/choose?period=2026-q3, /good-practice/words?period=..."""

from django.urls import path

from undrift.desks.good_practice import making, published

urlpatterns = [
    path("good-practice", published.reports, name="good-practice"),
    path("good-practice/choose", making.choose, name="good-practice-choose"),
    path("good-practice/words", making.words, name="good-practice-words"),
    path("good-practice/<int:number>", published.report, name="good-practice-report"),
]
