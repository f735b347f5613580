"""Stories: workbench, memory, and what the public may see."""

from articles.models.article import Article, Byline, SidebarItem
from articles.models.media import Image, ImageBlock, Rendition
from articles.models.people import Author, Tag
from articles.models.publication import Address, Publication, Withdrawal
from articles.models.revision import Revision

__all__ = [
    "Address",
    "Article",
    "Author",
    "Byline",
    "Image",
    "ImageBlock",
    "Publication",
    "Rendition",
    "Revision",
    "SidebarItem",
    "Tag",
    "Withdrawal",
]
