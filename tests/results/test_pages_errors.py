"""Error pages: German, without cookies, stack or a single query. No test here may touch the database."""

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.test import RequestFactory

from racedesk import errors


@pytest.mark.parametrize(
    ("handler", "error", "status", "headline"),
    [
        (errors.bad_request, BadRequest("nadel"), 400, "Diese Anfrage ergibt keinen Sinn"),
        (errors.permission_denied, PermissionDenied("nadel"), 403, "Kein Zutritt"),
        (errors.page_not_found, Http404("nadel"), 404, "Abseits der Strecke"),
    ],
)
def test_an_error_page_is_german_and_repeats_nothing(rf, handler, error, status, headline):
    response = handler(rf.get("/nadel/?nadel=1"), exception=error)

    page = response.content.decode()
    assert (response.status_code, f"<h1>{headline}</h1>" in page) == (status, True)
    assert "nadel" not in page
    assert "Zur Startseite" in page


def failing_with(error):
    try:
        raise error
    except type(error):
        return errors.server_error(RequestFactory().get("/nadel/"))


def test_a_fault_of_ours_answers_500():
    response = failing_with(ZeroDivisionError("nadel"))

    assert response.status_code == 500
    assert "Motorschaden" in response.content.decode()
    assert "nadel" not in response.content.decode()


@pytest.mark.parametrize("error", [OperationalError("nadel"), InterfaceError("nadel")])
def test_a_silent_database_answers_503_and_when_to_come_back(error):
    response = failing_with(error)

    assert (response.status_code, response["Retry-After"]) == (503, "1")
    assert "Die Datenbank antwortet gerade nicht." in response.content.decode()
    assert "nadel" not in response.content.decode()


def test_an_address_that_cannot_exist_is_not_found_without_a_query(client):
    response = client.get("/.env")

    assert response.status_code == 404
    assert not response.cookies
