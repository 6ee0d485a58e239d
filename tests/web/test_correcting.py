"""A patient is corrected on the page of a case and over the API, and seen before and after only by those who may."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.web.signed import House
from tests.web.test_api_records import posted
from tools.clinic_file import Identity

TYPED = {"action": "correct-patient", "name": "Joanna Exemplar", "mrn": "T1", "birth_date": ""}


@pytest.fixture
def house() -> House:
    """The small clinic, its case being a patient's."""
    house = House().settle()
    ref = house.store.write(lambda writer: writer.patient_ref(Identity("", "Jo Example", "T1")))
    case = house.store.clinic().cases_by_id["case-1"]
    owned = type(case)(**{**vars(case), "patient": ref})
    house.store.write(lambda writer: writer.put_cases([(owned, writer.laterality("case-1"))]))
    return house


def name_of(house: House) -> str | None:
    """What the case's patient is called."""
    known = house.store.patient(house.store.clinic().cases_by_id["case-1"].patient or "")
    assert known is not None
    return known.name


def confirmed_at(client: TestClient, where: str) -> TestClient:
    """Confirms the card at an address, after looking at it."""
    page = client.get(where, headers={"accept": "text/html"}).text
    assert "Jo Example" in page
    assert "<strong>Joanna Exemplar</strong>" in page
    proposal = where.split("/")[2].split("?", maxsplit=1)[0]
    answer = client.post(f"/proposals/{proposal}/confirm", data={"key": "a-random-key"})
    assert answer.status_code == 303, answer.text
    assert "Exemplar" not in answer.headers["location"]
    return client


def test_the_page_of_a_case_corrects_its_patient(house: House) -> None:
    """The form leads to a card with both spellings, no address names anybody, and confirming writes it."""
    client = house.signed_in("scheduler")
    page = client.get("/case/case-1", headers={"accept": "text/html"}).text
    assert "Correct the patient" in page
    assert "Jo Example" not in page
    answer = client.post("/case/case-1", data=TYPED)
    assert answer.status_code == 303, answer.text
    assert "Exemplar" not in answer.headers["location"]
    assert name_of(house) == "Jo Example"
    confirmed_at(client, answer.headers["location"])
    assert name_of(house) == "Joanna Exemplar"


def test_a_wrong_number_shows_the_form_again(house: House) -> None:
    """What was typed stays, with the reason and the way out."""
    answer = house.signed_in("scheduler").post("/case/case-1", data=TYPED | {"mrn": "T2"})
    assert answer.status_code == 409
    assert "has another record number" in answer.text
    assert 'value="Joanna Exemplar"' in answer.text


def test_the_api_corrects_a_patient(house: House) -> None:
    """Its answer shows both, the confirmation is the usual one; who may see no identity is refused."""
    body = {"case": "case-1", "patient": {"name": "Joanna Exemplar", "mrn": "T1"}}
    client = house.signed_in("scheduler")
    proposal = posted(client, "/api/proposals/correct-patient", body, 201)
    both = (proposal["identity"]["before"]["name"], proposal["identity"]["after"]["name"])
    assert both == ("Jo Example", "Joanna Exemplar")
    key = {"idempotency-key": "a-random-key"}
    posted(client, f"/api/proposals/{proposal['id']}/confirm", {}, 201, **key)
    assert name_of(house) == "Joanna Exemplar"
    assert posted(house.signed_in("auditor"), "/api/proposals/correct-patient", body, 403)["error"]
    bare = house.client(authorization=f"Bearer {house.key('propose')}")
    assert posted(bare, "/api/proposals/correct-patient", body, 403)["error"]
