"""Names that keep a folded form of themselves, under which other spellings find them."""

from typing import Any

from django.db import models

from results.names import fold


class FoldedName(models.Model):
    """A row with a `name` and its `folded` form; bulk writers fill in `folded` themselves."""

    name: models.CharField[str, str]
    folded: models.CharField[str, str]

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded = fold(self.name)
        super().save(*args, **kwargs)
