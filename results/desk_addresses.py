"""Where the desk's pages about decisions of a session are."""

from django.urls import reverse
from django.utils.http import urlencode

from results.models import Session


def effect_address(session: Session, checkpoint: str = "") -> str:
    """The page that shows what the decisions do to a result."""
    return _address("decisions", session, checkpoint)


def what_if_address(session: Session, checkpoint: str = "") -> str:
    return _address("what_if", session, checkpoint)


def form_grid_address(session: Session) -> str:
    return _address("form_grid", session, "")


def _address(page: str, session: Session, checkpoint: str) -> str:
    query = "?" + urlencode({"wertung": checkpoint}) if checkpoint else ""
    return reverse(f"admin:results_session_{page}", args=[session.pk]) + query
