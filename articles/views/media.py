"""Files of pictures: readers get one if and only if a currently public version of a story refers to it."""

from collections.abc import Sequence

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response

from articles.models import Author, ImageBlock, Publication, Rendition
from articles.renditions import SIZES, in_place_of


def media(request: HttpRequest, token: str, size: str) -> HttpResponseBase:
    """A picture in one of the fixed sizes; the desk sees hidden and blocked ones too, others what never existed.

    A size that is not made yet, or lost, is answered by the next best. A public one leaves with the lifetime that the
    site's middleware gives every public answer.
    """
    if size not in SIZES:
        raise Http404
    names = in_place_of(SIZES[size])
    renditions = Rendition.objects.filter(image__token=token, name__in=names)
    public = Exists(Publication.objects.public().filter(images=OuterRef("image")))
    # The portrait of an author stands on a page that exists as long as a story of his is public.
    portrait = Exists(Author.objects.public().filter(portrait=OuterRef("image")))
    blocked = Exists(ImageBlock.objects.open().filter(image=OuterRef("image")))
    if found := _best_first(renditions.filter(public | portrait, ~blocked), names):
        return _answer(request, found)
    if not _is_of_the_desk(request):
        raise Http404
    response = _answer(request, _best_first(renditions, names))
    response["Cache-Control"] = "private, no-store"
    return response


def _best_first(renditions: QuerySet[Rendition], names: list[str]) -> list[Rendition]:
    return sorted(renditions, key=lambda rendition: names.index(rendition.name))


def _is_of_the_desk(request: HttpRequest) -> bool:
    """Whether the asker is logged in and may look at pictures; without a session cookie no session is touched."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    return bool(request.user.is_active and request.user.is_staff and request.user.has_perm("articles.view_image"))


def _answer(request: HttpRequest, renditions: Sequence[Rendition]) -> HttpResponseBase:
    """The first of them whose file is there."""
    for rendition in renditions:
        # The bytes behind a file's name never change, so row and name are their tag.
        etag = f'"{rendition.pk}-{rendition.name}{rendition.focus and "-"}{rendition.focus}"'
        response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
        if response is None:
            try:
                file = rendition.file.open("rb")
            except FileNotFoundError:
                continue
            response = FileResponse(file, content_type=rendition.media_type)
        response["ETag"] = etag
        return response
    raise Http404
