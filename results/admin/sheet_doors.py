"""The ways to the sheet, and which result a page of it is about."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from results.models import Classification, Session

LONGEST_CHECKPOINT = 12


def the_session(pk: int) -> Session:
    """The session with its event at hand."""
    return get_object_or_404(Session.objects.select_related("event__season__series"), pk=pk)


def the_checkpoint(request: HttpRequest) -> str:
    """Which scoring of the session is meant; empty is the finish."""
    checkpoint = request.GET.get("checkpoint", "")
    if len(checkpoint) > LONGEST_CHECKPOINT or not checkpoint.isprintable():
        raise Http404
    return checkpoint


def sheets_of(session: Session) -> list[dict[str, str]]:
    """Address and words of the sheet for each scoring of a session; the finish comes first, whether it has a result or not."""
    chain = Classification.objects.filter(session=session).order_by("checkpoint")
    known = list(chain.values_list("checkpoint", flat=True).distinct())
    sheets = []
    for checkpoint in ["", *(one for one in known if one)]:
        words = _("Change the result") if checkpoint in known else _("Enter the result")
        query = {"checkpoint": checkpoint} if checkpoint else None
        address = reverse("admin:results_classification_sheet", args=[session.pk], query=query)
        sheets.append({"address": address, "words": f"{words} ({checkpoint})" if checkpoint else words})
    return sheets
