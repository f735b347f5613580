"""Old addresses of drivers and teams that were merged into another."""

from __future__ import annotations

from results.identity.references import MODELS
from results.models import FormerAddress


def current_slug(model: str, slug: str) -> str | None:
    """The address under which a merged driver or team (`model` is `driver` or `team`) is found today, None without one.

    Whoever asks has found nobody under `slug` itself, and looks whether readers may see what the answer leads to.
    """
    former = FormerAddress.objects.filter(model=model, slug=slug).first()
    if former is None:
        return None
    return MODELS[model]._default_manager.filter(pk=former.object_id).values_list("slug", flat=True).first()
