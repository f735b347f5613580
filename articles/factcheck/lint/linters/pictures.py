"""Pictures without credit or without words for those who do not see them."""

from __future__ import annotations

from collections.abc import Iterator

from articles.factcheck.lint.piece import Piece
from articles.factcheck.lint.remark import Kind, Remark


def lint(piece: Piece) -> Iterator[Remark]:
    for picture in piece.pictures:
        name = picture.title or picture.caption
        if not picture.credit.strip():
            yield Remark(0, 0, name, Kind.PICTURE, f"Das Bild „{name}“ hat keinen Bildnachweis.", picture=picture.token)
        if not picture.alt.strip():
            yield Remark(
                0, 0, name, Kind.PICTURE, f"Das Bild „{name}“ hat keinen Alternativtext.", picture=picture.token
            )
