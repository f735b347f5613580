"""Stories: workbench, memory, and what the public may see."""

from articles.models.act import Act, TakeDown
from articles.models.article import Article, Byline, SidebarItem
from articles.models.media import Image, Rendition
from articles.models.people import Author, Tag
from articles.models.publication import Address, Publication, Withdrawal
from articles.models.revision import Revision

__all__ = [
    "Act",
    "Address",
    "Article",
    "Author",
    "Byline",
    "Image",
    "Publication",
    "Rendition",
    "Revision",
    "SidebarItem",
    "Tag",
    "TakeDown",
    "Withdrawal",
]
