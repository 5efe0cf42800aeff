"""The social workers of Westmarch's year, beside those of the stories. The South team has more families for each."""

from __future__ import annotations

from datetime import date

from django.utils.text import slugify

from undrift.demo.organisations import IN_POST_FOR, Organisation
from undrift.demo.population import Place
from undrift.people.models import Holding, Person

MORE = {
    "North": ("Alastair Fenwright", "Bronagh Tindle", "Cecily Marwood", "Dilip Ashgrove"),
    "Central": ("Etta Longbridge", "Farouk Selwood", "Greta Penhallow", "Huw Carrick", "Ioana Westerby"),
    "South": ("Jocelyn Harke", "Kwabena Dunmore", "Lotte Brackwell"),
}
CHAIRS = ("Grace Ollerton", "Imran Dastgir", "Bethan Pryce-Marlow", "Tomasz Wrenfield")
PARTNERS = ("Siobhan Darrow", "Joel Askew", "Karen Rudge", "Tara Winfield")
FIRST_PHONE = 300

PLACES = (
    Place("North", ("Hannah Quill", "Dev Marchetti", *MORE["North"]), CHAIRS, PARTNERS, 29),
    Place("Central", ("Ruth Pemberly", *MORE["Central"]), CHAIRS, PARTNERS, 29),
    Place("South", ("Kofi Ansell", *MORE["South"]), CHAIRS, PARTNERS, 42),
)


def add_workers(west: Organisation, today: date) -> None:
    """Into the teams, as holders of the social workers' posts."""
    agency = west.agencies["Westmarch Children's Social Care"]
    placed = [(team, name) for team, names in MORE.items() for name in names]
    people = [
        Person(
            name=name, email=f"{slugify(name).replace('-', '.')}@westmarch.example", password="!",
            phone=f"01632 960{FIRST_PHONE + n}", agency=agency, authority=west.authority,
        )
        for n, (_, name) in enumerate(placed)
    ]  # fmt: skip
    Person.objects.bulk_create(people)
    Holding.objects.bulk_create(
        Holding(
            post=west.posts["social-worker", team], person=person, starts=today - IN_POST_FOR, authority=west.authority
        )
        for person, (team, _) in zip(people, placed, strict=True)
    )
    west.people |= {person.name: person for person in people}
