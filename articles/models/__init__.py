"""Stories: workbench, memory, and what the public may see."""

from articles.models.act import Act, TakeDown
from articles.models.article import Article, Byline, SidebarItem
from articles.models.drafting import Autosave, EditLock, PreviewLink
from articles.models.finding import FactCheck, Waiver
from articles.models.front import FrontPin
from articles.models.imports import ImportedText, TextBatch, TextItem
from articles.models.listing import Listing
from articles.models.media import Image, ImageBlock, Rendition
from articles.models.pages import Page, PageVersion
from articles.models.people import Author, FormerSlug, Tag
from articles.models.publication import Address, Publication, Withdrawal
from articles.models.remarks import HiddenRemark
from articles.models.revision import Revision

__all__ = [
    "Act",
    "Address",
    "Article",
    "Author",
    "Autosave",
    "Byline",
    "EditLock",
    "FactCheck",
    "FormerSlug",
    "FrontPin",
    "HiddenRemark",
    "Image",
    "ImageBlock",
    "ImportedText",
    "Listing",
    "Page",
    "PageVersion",
    "PreviewLink",
    "Publication",
    "Rendition",
    "Revision",
    "SidebarItem",
    "Tag",
    "TakeDown",
    "TextBatch",
    "TextItem",
    "Waiver",
    "Withdrawal",
]
