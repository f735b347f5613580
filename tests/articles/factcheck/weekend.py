"""A weekend of two races with namesakes, numbers that are models as well, retirements of every kind."""

from articles.factcheck.run import check_text
from articles.factcheck.sheet import FactSheet
from tests.articles.factcheck.build_cases import build

SOURCE = """id: t
language: de
series: GT Sprint
season: 2024
event: Nordring
circuit: Nordring
timezone: Europe/Berlin
title: -
@cars
7 | Pro | Falke Racing | Audi R8 LMS evo II | Anna,Adler,GER;Bruno,Bussard,ITA
8 | Pro | Falke Racing | Audi R8 LMS evo II | Carla,Condor,FRA;Dirk,Dohle,NED
30 | Silver | Team Elster | Ferrari 296 GT3 | Emil,Elster,SUI;Fritz,Fink,AUT
51 | Silver | AF Corse | Ferrari 296 GT3 | Gina,Gans,ITA;Hans,Habicht,GER
911 | Bronze | Manthey EMA | Porsche 911 GT3 R | Ida,Ibis,GBR;Jan,Adler,GER
12 | Bronze | Team WRT | BMW M4 GT3 | Karl,Kauz,BEL;Lena,Lerche,DEN
205 | Bronze | Storch Motorsport | McLaren 720S GT3 | Mia,Meise,GER;Nora,Nandu,NED
206 | Bronze | Storch Motorsport | McLaren 720S GT3 | Mats,Meise,GER;Otto,Otter,NED
@session T | Freies Training | practice | 2024-05-03T16:00
1 8 1:35.916
2 30 1:36.063
@session Q1 | Qualifying 1 | qualifying | 2024-05-04T09:30
1 8 1:35.416
2 7 1:35.563
3 30 1:35.610
4 911 1:36.119
5 51 1:36.300
6 12 1:36.700
7 205 1:36.900
8 206 1:37.000
@session R1 | Rennen 1 | race | 2024-05-04T14:15 | starters=28 | finishers=24
1 7 35 1:00:41.500 1:37.100
2 30 35 +4.221
3 8 35 +6.001
4 911 35 +9.800
5 205 35 +20.400
6 206 34
DNF 51 12
DSQ 12 35
@session Q2 | Qualifying 2 | qualifying | 2024-05-05T09:30
1 30 1:35.301
2 51 1:35.402
3 7 1:35.503
4 205 1:35.604
5 8 1:35.705
6 12 1:36.006
7 911 1:36.107
8 206 1:36.208
@session R2 | Rennen 2 | race | 2024-05-05T15:00 | starters=27 | finishers=23
1 30 36 1:00:50.300 1:37.000
2 51 36 +1.101
3 205 36 +5.202
4 12 36 +7.303
5 7 36 +12.404
6 911 36 +30.505
DNF 8 3
DNS 206 0
@standings F | Fahrerwertung | Nordring |
Emil Elster/Fritz Fink 61.5
Anna Adler/Bruno Bussard 48
@calendar Südring | Südring | 2024-06-08 | 2024-06-09
Rennen 1 = 2024-06-08T13:00
@body
-
"""
SHEET = FactSheet.from_records(build(SOURCE)["data"])


def verdicts(text: str) -> set[str]:
    """The verdicts of everything a text claims."""
    return {str(finding.verdict.judgement) for finding in check_text(text, SHEET)}
