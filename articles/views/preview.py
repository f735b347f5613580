"""A draft for somebody without an account: behind a link that expires, kept by nobody, found by nobody."""

from typing import TypeVar

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from articles import previews

Answer = TypeVar("Answer", bound=HttpResponseBase)


@require_safe
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """The draft as it is saved now; an expired, revoked or unknown link answers as one that never was."""
    link = previews.link_behind(token)
    if link is None:
        raise Http404
    story = previews.draft_story(link.article)
    context = {"story": story, "link": link, "series": story.series}
    page = previews.beneath(render_to_string("articles/preview.html", context, request), link, token)
    return _secret(HttpResponse(page))


@require_safe
def preview_media(request: HttpRequest, token: str, image: str, size: str) -> HttpResponseBase:
    """A picture of that draft and of no other story."""
    link = previews.link_behind(token)
    for rendition in previews.picture_behind(link, image, size) if link else ():
        try:
            file = rendition.file.open("rb")
        except FileNotFoundError:
            continue
        return _secret(FileResponse(file, content_type=rendition.media_type))
    raise Http404


def _secret(response: Answer) -> Answer:
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "no-referrer"
    return response
