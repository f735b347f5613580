"""Files of pictures: readers get one if and only if a currently public version of a story refers to it."""

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response

from articles.models import Author, Publication, Rendition


def media(request: HttpRequest, token: str, size: str) -> HttpResponseBase:
    """A picture in one of its sizes; the desk sees those of hidden stories too, everybody else what never existed.

    A public one leaves with the lifetime that the site's middleware gives every public answer.
    """
    public = Exists(Publication.objects.public().filter(images=OuterRef("image")))
    # The portrait of an author stands on a page that exists as long as a story of his is public.
    portrait = Exists(Author.objects.public().filter(portrait=OuterRef("image")))
    rendition = Rendition.objects.filter(public | portrait, image__token=token, name=size).first()
    if rendition is not None:
        return _answer(request, rendition)
    if not _is_of_the_desk(request):
        raise Http404
    rendition = Rendition.objects.filter(image__token=token, name=size).first()
    if rendition is None:
        raise Http404
    response = _answer(request, rendition)
    response["Cache-Control"] = "private, no-store"
    return response


def _is_of_the_desk(request: HttpRequest) -> bool:
    """Whether the asker is logged in and may look at pictures; without a session cookie no session is touched."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    return bool(request.user.is_active and request.user.is_staff and request.user.has_perm("articles.view_image"))


def _answer(request: HttpRequest, rendition: Rendition) -> HttpResponseBase:
    # The bytes behind a row never change, so its number is their tag.
    etag = f'"{rendition.pk}-{rendition.name}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        try:
            file = rendition.file.open("rb")
        except FileNotFoundError as error:
            raise Http404 from error
        response = FileResponse(file, content_type=rendition.media_type)
    response["ETag"] = etag
    return response
