"""Hiding a remark of the linters, and showing it again. It lasts until the text is saved anew."""

import hashlib

from django.contrib.auth.models import User
from django.db import transaction

from articles.factcheck.lint.remark import Remark
from articles.models import Article, HiddenRemark, Revision


def digest_of(remark: Remark) -> str:
    """32 signs, the same for the same remark about the same words."""
    return hashlib.sha256(remark.key.encode()).hexdigest()[:32]


def hidden_digests(article: Article) -> frozenset[str]:
    """What is hidden for the newest revision. One query."""
    newest = Revision.objects.filter(article=article).order_by("-number").values("pk")[:1]
    return frozenset(HiddenRemark.objects.filter(revision=newest).values_list("digest", flat=True))


@transaction.atomic
def hide(article: Article, digest: str, *, by: User) -> bool:
    """Hide a remark for the newest revision; False where the article has none yet."""
    revision = Revision.objects.filter(article=article).order_by("-number").first()
    if revision is None:
        return False
    HiddenRemark.objects.get_or_create(revision=revision, digest=digest, defaults={"hidden_by": by})
    return True


def show_all(article: Article) -> None:
    """Show every remark again."""
    newest = Revision.objects.filter(article=article).order_by("-number").values("pk")[:1]
    HiddenRemark.objects.filter(revision=newest).delete()
