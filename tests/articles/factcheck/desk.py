"""A small event for the tests of single checks, and what the engine says of a sentence about it."""

from articles.factcheck.run import check_text
from articles.factcheck.sheet import FactSheet
from tests.articles.factcheck.build_cases import build

SOURCE = """id: t
language: de
series: GT
season: 2024
event: Sechs Stunden
circuit: Ring
timezone: Europe/Berlin
title: -
@cars
7 | Hypercar | Falke Racing | Toyota GR010 Hybrid | Anna,Adler,GER;Bruno,Bussard,ITA
8 | Hypercar | Falke Racing | Toyota GR010 Hybrid | Carla,Condor,FRA;Dirk,Dohle,NED
36 | Hypercar | Elster Elf | Alpine A424 | Emil,Elster,SUI;Fritz,Fink,AUT
51 | GT3 | AF Corse | Ferrari 296 GT3 | Gina,Gans,ITA;Hans,Habicht,GER
92 | GT3 | Manthey EMA | Porsche 911 GT3 R | Ida,Ibis,GBR;Jan,Adler,GER
31 | GT3 | Team WRT | BMW M4 GT3 | Karl,Kauz,BEL;Lena,Lerche,DEN
@session Q | Qualifying | qualifying | 2024-05-04T15:00
1 8 1:35.416
2 7 1:35.563
3 36 1:35.610
4 92 1:46.119
5 51 1:46.300
6 31 1:46.700
@session G | Startaufstellung | grid | 2024-05-05T12:00
1 7
2 36
3 8
4 92
5 51
6 31
@session R | Rennen | race | 2024-05-05T12:00 | starters=33 | finishers=29
1 7 198 6:00:41.500 1:37.100
2 8 198 +14.221
3 36 197
4 51 181
5 92 181
DNF 31 102
@standings F | Fahrerwertung | Ring |
Anna Adler/Bruno Bussard 61.5
Emil Elster/Fritz Fink 48
Carla Condor/Dirk Dohle 44
@calendar 6 Stunden von Bahrain | Sakhir | 2024-11-01 | 2024-11-03
Rennen = 2024-11-03T14:00
@body
-
"""
DATA = build(SOURCE)["data"]
SHEET = FactSheet.from_records(DATA)


def said(text: str, kind: str | None = None) -> list[tuple[str, str, str]]:
    """What was found in a text: type, words, verdict."""
    return [
        (str(finding.claim.type), finding.claim.text, str(finding.verdict.judgement))
        for finding in check_text(text, SHEET)
        if kind in (None, finding.claim.type)
    ]


def right(text: str, kind: str) -> list[str]:
    """The right values of the contradicted claims of a type."""
    return [
        finding.verdict.right
        for finding in check_text(text, SHEET)
        if finding.verdict.judgement == "contradicted" and finding.claim.type == kind
    ]
