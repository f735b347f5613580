"""Tables, matrices and accounts of championships as plain values for machines: exact decimals as text, addresses, ISO instants.

Nothing here says when something was computed: that would tell who knew a result before its hour.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings

from results.models import CarModel, Classification
from results.standings.account import Account, AccountRow
from results.standings.competitors import Seen
from results.standings.matrix import Cell, Matrix, MatrixLine
from results.standings.reading import plain
from results.standings.rounds import Round
from results.standings.shown import ShownChampionship, ShownLine

Data = dict[str, Any]


def championship(shown: ShownChampionship) -> Data:
    """`key`, `name`, `subject`, `class`, season, address and rounds of a championship."""
    one, season = shown.championship, shown.season
    return {
        "key": one.key,
        "name": one.name,
        "subject": one.subject,
        "class": one.racing_class.slug if one.racing_class else None,
        "series": season.series.slug,
        "season": season.slug,
        "address": absolute(shown.table_address),
        "rounds": [round_of(each) for each in shown.rounds.every],
    }


def round_of(one: Round) -> Data:
    return {
        "number": one.number,
        "event": one.event.name,
        "address": absolute(one.event.get_absolute_url()),
        "scored": one.is_scored,
    }


def table(shown: ShownChampionship, after: Round) -> Data:
    """A table after a round: `championship`, `after`, `provisional`, `results` and `lines`."""
    return {
        "championship": championship(shown),
        "after": round_of(after),
        "results": [result(one) for one in shown.counted(after)],
        "provisional": bool(shown.provisional(after)),
        "lines": [line(shown, one) for one in shown.lines(after)],
    }


def result(version: Classification) -> Data:
    """A result that a table stands on: which version of which session, in which state, out since when."""
    return {
        "session": version.session.name,
        "address": absolute(version.session.get_absolute_url()),
        "checkpoint": version.checkpoint or None,
        "version": version.version,
        "state": version.state,
        "public_from": version.public_from.isoformat(timespec="seconds") if version.public_from else None,
    }


def line(shown: ShownChampionship, one: ShownLine) -> Data:
    standing = one.standing
    return {
        "position": standing.position,
        "printed": standing.printed or None,
        "tied": standing.is_tied,
        "competitor": competitor(shown, one.competitor),
        "points": plain(standing.points),
        "gross": plain(standing.gross),
        "dropped": plain(standing.dropped),
        "gap": _or_null(one.gap),
        "gap_to_next": _or_null(one.ahead),
        "wins": standing.wins,
    }


def competitor(shown: ShownChampionship, one: Seen) -> Data:
    """`key` as in the commands, the name, the address of the account, and the pages of who is meant."""
    return {
        "key": one.key,
        "name": one.name,
        "address": absolute(shown.ledger_address(one)),
        "pages": [
            {"name": str(thing), "address": absolute(thing.get_absolute_url())}
            for thing in one.things
            if not isinstance(thing, CarModel)
        ],
    }


def matrix(shown: ShownChampionship, after: Round, found: Matrix) -> Data:
    """Everybody's points round by round: `cells` in the order of `rounds`, null without points."""
    return {
        "championship": championship(shown),
        "after": round_of(after),
        "rounds": [one.number for one in found.rounds],
        "lines": [matrix_line(shown, one) for one in found.lines],
    }


def matrix_line(shown: ShownChampionship, one: MatrixLine) -> Data:
    return {
        **line(shown, one.line),
        "cells": [_cell(cell) for cell in one.cells],
        "decisions": plain(one.decided),
    }


def account(found: Account) -> Data:
    """Every row of the ledger of one competitor; the last `total` is his points."""
    return {
        "championship": championship(found.shown),
        "after": round_of(found.after),
        "competitor": competitor(found.shown, found.competitor),
        "points": plain(found.standing.points) if found.standing else None,
        "rows": [account_row(one) for one in found.rows],
    }


def account_row(one: AccountRow) -> Data:
    award = one.award
    return {
        "event": one.event.name if one.event else None,
        "session": one.session.name if one.session else None,
        "address": absolute(one.session.get_absolute_url()) if one.session else None,
        "checkpoint": award.checkpoint or None,
        "car": one.car or None,
        "cause": award.cause,
        "place": award.place,
        "base": plain(award.base),
        "factor": award.factor,
        "points": plain(award.points),
        "counts": one.counts,
        "dropped_after": list(one.dropped_after),
        "annulled_since": one.void_since,
        "origin": award.origin,
        "reason": award.reason or None,
        "total": plain(one.total),
    }


def absolute(path: str) -> str:
    return settings.SITE_URL + path


def _cell(cell: Cell | None) -> Data | None:
    return None if cell is None else {"points": plain(cell.points), "counts": cell.counts, "annulled": cell.is_void}


def _or_null(points: Decimal | None) -> str | None:
    return None if points is None else plain(points)
