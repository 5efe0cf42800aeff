import pytest
from django.test import Client
from django.urls import reverse
from tests.cast import westmarch
from tests.desks.page_lint import lint
pytestmark = [pytest.mark.django_db, pytest.mark.urls("scratch_urls")]

def test_scratch(client: Client) -> None:
    cast = westmarch()
    client.force_login(cast.person("Grace"))
    fam = cast.family("Alder").reference
    r = lint(client.get(reverse("raise-choice", kwargs={"family": fam})))
    print(r.content.decode()[-3000:])
    r = client.post(reverse("raise-choice", kwargs={"family": fam}), {"kind": "raise_informal"})
    print(r.status_code, r["Location"])
    r = lint(client.get(r["Location"]))
