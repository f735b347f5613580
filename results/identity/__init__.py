"""Who is one and who are two: merging and splitting drivers and teams, and taking either back."""

from results.identity.addresses import current_slug
from results.identity.merging import merge
from results.identity.pairs import forget_pair, set_apart
from results.identity.references import IdentityRefused, Reference, references_to
from results.identity.splitting import split
from results.identity.undoing import undo

__all__ = [
    "IdentityRefused",
    "Reference",
    "current_slug",
    "forget_pair",
    "merge",
    "references_to",
    "set_apart",
    "split",
    "undo",
]
