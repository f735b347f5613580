"""What a worker of the server does before its first request, so that no reader waits for it."""

import gc

from django.conf import settings
from django.template.loader import get_template
from django.urls import get_resolver


def warm_up() -> None:
    """Load addresses and templates, then tell the garbage collector that all of this stays.

    Django and its models are some 180,000 objects. A full collection walks them all, every hundredth request or so, and
    lets a reader wait for a tenth of a second; with these set aside it takes a few milliseconds.
    """
    _ = get_resolver().url_patterns
    folder = settings.BASE_DIR / "templates"
    for path in folder.rglob("*.html"):
        get_template(path.relative_to(folder).as_posix())
    gc.collect()
    gc.freeze()
