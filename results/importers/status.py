"""One table between what timing files and newspapers print for a car's fate and the eight codes we keep.

`classified` finished and counts, `nc` ran but does not count, `dnf` retired, `dns` never started, `dnq` failed to
qualify, `dsq` was struck by a decision, `excluded` was thrown out of the meeting, `withdrawn` went home before it.
German words stand here as data: they are what the files print. What is printed is kept beside the code, so that
the finer words (DNPQ, RES) are not lost.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

CLASSIFIED = "classified"
NC = "nc"
DNF = "dnf"
DNS = "dns"
DNQ = "dnq"
DSQ = "dsq"
EXCLUDED = "excluded"
WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Status:
    """A code with its printed abbreviation, both languages' words and whether the car took part in the session."""

    code: str
    abbreviation: str
    english: str
    german: str
    started: bool
    also: tuple[str, ...] = ()  # further printed forms


# In the order in which unclassified cars are listed below the classified ones.
STATUSES: dict[str, Status] = {
    status.code: status
    for status in (
        Status(CLASSIFIED, "CLA", "classified", "gewertet", started=True,
               also=("classified", "CLAS", "finished", "FIN", "OK", "running", "lapped", "klassifiziert", "im Ziel", "in Wertung")),
        Status(NC, "NC", "not classified", "nicht gewertet", started=True,
               also=("NCL", "N/C", "NCLA", "DNC", "did not classify", "unclassified", "no time", "no time set", "NT", "nicht klassifiziert",
                     "n.gew.", "n.kl.", "n.klass.", "ohne Wertung", "o.W.", "außer Wertung", "keine Zeit", "ohne Zeit")),
        Status(DNF, "DNF", "retired", "ausgefallen", started=True,
               also=("RET", "did not finish", "not finished", "not running", "Ausfall", "Ausf.", "ausgef.", "nicht im Ziel", "Aufgabe", "aufgegeben")),
        Status(DNS, "DNS", "did not start", "nicht gestartet", started=False,
               also=("not started", "DNP", "did not practice", "did not participate", "RES", "reserve", "Reserve", "Ersatz",
                     "n.gest.", "nicht angetreten", "Nichtstarter")),
        Status(DNQ, "DNQ", "did not qualify", "nicht qualifiziert", started=False,
               also=("NQ", "not qualified", "DNPQ", "did not prequalify", "did not pre-qualify", "n.qual.", "nicht vorqualifiziert")),
        Status(DSQ, "DSQ", "disqualified", "disqualifiziert", started=True,
               also=("DQ", "DSQD", "DISQ", "DQF", "Disqu.", "disqual.", "Disqualifikation", "Wertungsausschluss", "aus der Wertung genommen")),
        Status(EXCLUDED, "EX", "excluded", "ausgeschlossen", started=True,
               also=("EXC", "EXCL", "Ausschluss", "ausgeschl.")),
        Status(WITHDRAWN, "WD", "withdrawn", "zurückgezogen", started=False,
               also=("W/D", "WDN", "withdrew", "DNA", "did not arrive", "did not attend", "Rückzug", "zurückgez.", "nicht erschienen")),
    )
}  # fmt: skip


class UnknownStatus(ValueError):  # noqa: N818 - reads as the sentence it stands for
    """A printed status the table does not hold; the message is one German sentence."""

    def __init__(self, printed: str) -> None:
        self.printed = printed
        super().__init__(
            f"Der Status „{printed[:40]}“ ist unbekannt. Bekannt sind unter anderem: {', '.join(known())}."
        )


def known() -> tuple[str, ...]:
    """The abbreviations we print, in list order."""
    return tuple(status.abbreviation for status in STATUSES.values())


def _fold(printed: str) -> str:
    """Letters only, without case and accents: `n. gew.`, `N.GEW` and `ngew` are one; `Rückzug` and `RUECKZUG` too."""
    text = printed.casefold().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return re.sub(r"[\s.\-_'’()/]+", "", plain)


_BY_PRINTED: dict[str, str] = {
    _fold(printed): status.code
    for status in STATUSES.values()
    for printed in (status.code, status.abbreviation, status.english, status.german, *status.also)
}

MAX_PRINTED = 40


def read_status(printed: str) -> str:
    """Our code for a printed status, whatever its case, spaces and dots; raises UnknownStatus, also for an empty one."""
    code = _BY_PRINTED.get(_fold(printed)) if len(printed) <= MAX_PRINTED else None
    if code is None:
        raise UnknownStatus(printed)
    return code


def print_status(code: str) -> str:
    """The abbreviation timing people print for our code (`dnf` gives `DNF`); `read_status` takes it back."""
    return STATUSES[code].abbreviation
