"""Formula 1: the final tables of twelve seasons that our files of F1DB leave out, as they are printed elsewhere.

Gone through row by row in November 2026 against what the season articles of Wikipedia and the archive of formula1.com are
known to print; the pages themselves were not at hand. Fractions such as 57 1/7 with two decimals. Whoever scored stands here
with what counts, and behind a stroke with all that he had won. In 1991 FISA took Larrousse's points of 1990 away and gave them back (formula1storie.blogspot.com, LC91).
"""

from itertools import groupby

import pytest

from results.points.decide import decided_after
from results.points.rank import tables_of
from tests.results.points import seasons
from tests.results.points.test_packs import pack

pytestmark = pytest.mark.skipif(not seasons.FOLDER.is_dir(), reason="the files of F1DB are not on this machine")

TABLES = {
    (1954, "driver"): (
        "juan-manuel-fangio 42/57.14, jose-froilan-gonzalez 25.14/26.64, mike-hawthorn 24.64, "
        "maurice-trintignant 17, karl-kling 12, bill-vukovich 8, hans-herrmann 8, nino-farina 6, jimmy-bryan 6, "
        "luigi-musso 6, roberto-mieres 6, jack-mcgrath 5, stirling-moss 4.14, onofre-marimon 4.14, robert-manzon 4, "
        "sergio-mantovani 4, birabongse-bhanudej 3, umberto-maglioli 2, elie-bayol 2, mike-nazaruk 2, "
        "andre-pilette 2, luigi-villoresi 2, troy-ruttman 1.5, duane-carter 1.5, alberto-ascari 1.14, jean-behra 0.14"
    ),
    (1959, "driver"): (
        "jack-brabham 31/34, tony-brooks 27, stirling-moss 25.5, phil-hill 20, maurice-trintignant 19, "
        "bruce-mclaren 16.5, dan-gurney 13, jo-bonnier 10, masten-gregory 10, rodger-ward 8, jim-rathmann 6, "
        "johnny-thomson 5, innes-ireland 5, harry-schell 5, tony-bettenhausen 3, olivier-gendebien 3, "
        "paul-goldsmith 2, jean-behra 2, cliff-allison 2"
    ),
    (1959, "constructor"): ("cooper+climax 40/53, ferrari+ferrari 32/38, brm+brm 18, lotus+climax 5"),
    (1966, "driver"): (
        "jack-brabham 42/45, john-surtees 28, jochen-rindt 22/24, denny-hulme 18, graham-hill 17, jim-clark 16, "
        "jackie-stewart 14, mike-parkes 12, lorenzo-bandini 12, ludovico-scarfiotti 9, richie-ginther 5, "
        "dan-gurney 4, mike-spence 4, bob-bondurant 3, jo-siffert 3, bruce-mclaren 3, john-taylor 1, bob-anderson 1, "
        "peter-arundell 1, jo-bonnier 1"
    ),
    (1966, "constructor"): (
        "brabham+repco 42/49, ferrari+ferrari 31/32, cooper+maserati 30/35, brm+brm 22, lotus+brm 13, "
        "lotus+climax 8, eagle+climax 4, honda+honda 3, mclaren+ford 2, brabham+brm 1, mclaren+serenissima 1, "
        "brabham+climax 1"
    ),
    (1972, "driver"): (
        "emerson-fittipaldi 61, jackie-stewart 45, denny-hulme 39, jacky-ickx 27, peter-revson 23, "
        "francois-cevert 15, clay-regazzoni 15, mike-hailwood 13, ronnie-peterson 12, chris-amon 12, "
        "jean-pierre-beltoise 9, mario-andretti 4, howden-ganley 4, brian-redman 4, graham-hill 4, "
        "andrea-de-adamich 3, carlos-reutemann 3, carlos-pace 3, tim-schenken 2, arturo-merzario 1, peter-gethin 1"
    ),
    (1972, "constructor"): (
        "lotus+ford 61, tyrrell+ford 51, mclaren+ford 47/49, ferrari+ferrari 33, surtees+ford 18, march+ford 15, "
        "brm+brm 14, matra+matra 12, brabham+ford 7"
    ),
    (1979, "driver"): (
        "jody-scheckter 51/60, gilles-villeneuve 47/53, alan-jones 40/43, jacques-laffite 36, clay-regazzoni 29/32, "
        "patrick-depailler 20/22, carlos-reutemann 20/25, rene-arnoux 17, john-watson 15, didier-pironi 14, "
        "jean-pierre-jarier 14, mario-andretti 14, jean-pierre-jabouille 9, niki-lauda 4, nelson-piquet 3, "
        "elio-de-angelis 3, jacky-ickx 3, jochen-mass 3, riccardo-patrese 2, hans-joachim-stuck 2, "
        "emerson-fittipaldi 1"
    ),
    (1979, "constructor"): (
        "ferrari+ferrari 113, williams+ford 75, ligier+ford 61, lotus+ford 39, tyrrell+ford 28, renault+renault 26, "
        "mclaren+ford 15, brabham+alfa-romeo 7, arrows+ford 5, shadow+ford 3, ats-wheels+ford 2, fittipaldi+ford 1"
    ),
    (1985, "driver"): (
        "alain-prost 73/76, michele-alboreto 53, keke-rosberg 40, ayrton-senna 38, elio-de-angelis 33, "
        "nigel-mansell 31, stefan-johansson 26, nelson-piquet 21, jacques-laffite 16, niki-lauda 14, "
        "thierry-boutsen 11, patrick-tambay 11, marc-surer 5, derek-warwick 5, philippe-streiff 4, stefan-bellof 4, "
        "rene-arnoux 3, andrea-de-cesaris 3, ivan-capelli 3, gerhard-berger 3"
    ),
    (1985, "constructor"): (
        "mclaren+tag 90, ferrari+ferrari 82, williams+honda 71, lotus+renault 71, brabham+bmw 26, ligier+renault 23, "
        "renault+renault 16, arrows+bmw 14, tyrrell+ford 4, tyrrell+renault 3"
    ),
    (1990, "driver"): (
        "ayrton-senna 78, alain-prost 71/73, nelson-piquet 43/44, gerhard-berger 43, nigel-mansell 37, "
        "thierry-boutsen 34, riccardo-patrese 23, alessandro-nannini 21, jean-alesi 13, ivan-capelli 6, "
        "roberto-moreno 6, aguri-suzuki 6, eric-bernard 5, derek-warwick 3, satoru-nakajima 3, stefano-modena 2, "
        "alex-caffi 2, mauricio-gugelmin 1"
    ),
    (1990, "constructor"): (
        "mclaren+honda 121, ferrari+ferrari 110, benetton+ford 71, williams+renault 57, tyrrell+ford 16, "
        "lola+lamborghini 11, leyton-house+judd 7, lotus+lamborghini 3, brabham+judd 2, arrows+ford 2"
    ),
    (1997, "driver"): (
        "jacques-villeneuve 81, heinz-harald-frentzen 42, david-coulthard 36, jean-alesi 36, gerhard-berger 27, "
        "mika-hakkinen 27, eddie-irvine 24, giancarlo-fisichella 20, olivier-panis 16, johnny-herbert 15, "
        "ralf-schumacher 13, damon-hill 7, rubens-barrichello 6, alexander-wurz 4, jarno-trulli 3, mika-salo 2, "
        "pedro-diniz 2, shinji-nakano 2, nicola-larini 1, michael-schumacher DSQ/78"
    ),
    (1997, "constructor"): (
        "williams+renault 123, ferrari+ferrari 102, benetton+renault 67, mclaren+mercedes 63, jordan+peugeot 33, "
        "prost+mugen-honda 21, sauber+petronas 16, arrows+yamaha 9, stewart+ford 6, tyrrell+ford 2"
    ),
    (2009, "driver"): (
        "jenson-button 95, sebastian-vettel 84, rubens-barrichello 77, mark-webber 69.5, lewis-hamilton 49, "
        "kimi-raikkonen 48, nico-rosberg 34.5, jarno-trulli 32.5, fernando-alonso 26, timo-glock 24, "
        "felipe-massa 22, heikki-kovalainen 22, nick-heidfeld 19, robert-kubica 17, giancarlo-fisichella 8, "
        "sebastien-buemi 6, adrian-sutil 5, kamui-kobayashi 3, sebastien-bourdais 2"
    ),
    (2009, "constructor"): (
        "brawn+mercedes 172, red-bull+renault 153.5, mclaren+mercedes 71, ferrari+ferrari 70, toyota+toyota 59.5, "
        "bmw-sauber+bmw 36, williams+toyota 34.5, renault+renault 26, force-india+mercedes 13, toro-rosso+ferrari 8"
    ),
    (2014, "driver"): (
        "lewis-hamilton 384, nico-rosberg 317, daniel-ricciardo 238, valtteri-bottas 186, sebastian-vettel 167, "
        "fernando-alonso 161, felipe-massa 134, jenson-button 126, nico-hulkenberg 96, sergio-perez 59, "
        "kevin-magnussen 55, kimi-raikkonen 55, jean-eric-vergne 22, romain-grosjean 8, daniil-kvyat 8, "
        "pastor-maldonado 2, jules-bianchi 2"
    ),
    (2014, "constructor"): (
        "mercedes+mercedes 701, red-bull+renault 405, williams+mercedes 320, ferrari+ferrari 216, "
        "mclaren+mercedes 181, force-india+mercedes 155, toro-rosso+renault 30, lotus-f1+renault 10, "
        "marussia+ferrari 2"
    ),
    (2021, "driver"): (
        "max-verstappen 395.5, lewis-hamilton 387.5, valtteri-bottas 226, sergio-perez 190, carlos-sainz-jr 164.5, "
        "lando-norris 160, charles-leclerc 159, daniel-ricciardo 115, pierre-gasly 110, fernando-alonso 81, "
        "esteban-ocon 74, sebastian-vettel 43, lance-stroll 34, yuki-tsunoda 32, george-russell 16, "
        "kimi-raikkonen 10, nicholas-latifi 7, antonio-giovinazzi 3"
    ),
    (2021, "constructor"): (
        "mercedes+mercedes 613.5, red-bull+honda 585.5, ferrari+ferrari 323.5, mclaren+mercedes 275, "
        "alpine+renault 155, alphatauri+honda 142, aston-martin+mercedes 77, williams+mercedes 23, "
        "alfa-romeo+ferrari 13"
    ),
    (2024, "driver"): (
        "max-verstappen 437, lando-norris 374, charles-leclerc 356, oscar-piastri 292, carlos-sainz-jr 290, "
        "george-russell 245, lewis-hamilton 223, sergio-perez 152, fernando-alonso 70, pierre-gasly 42, "
        "nico-hulkenberg 41, yuki-tsunoda 30, lance-stroll 24, esteban-ocon 23, kevin-magnussen 16, "
        "alexander-albon 12, daniel-ricciardo 12, oliver-bearman 7, franco-colapinto 5, guanyu-zhou 4, liam-lawson 4"
    ),
    (2024, "constructor"): (
        "mclaren+mercedes 666, ferrari+ferrari 652, red-bull+honda-rbpt 589, mercedes+mercedes 468, "
        "aston-martin+mercedes 94, alpine+renault 65, haas+ferrari 58, rb+honda-rbpt 46, williams+mercedes 17, "
        "kick-sauber+ferrari 4"
    ),
}

# The Grand Prix after which each title was decided.
DECIDED = {
    (1954, "driver"): "switzerland", (1959, "driver"): "united-states", (1959, "constructor"): "italy",
    (1966, "driver"): "italy", (1972, "driver"): "italy", (1979, "driver"): "italy", (1979, "constructor"): "italy",
    (1985, "driver"): "europe", (1985, "constructor"): "australia", (1990, "driver"): "japan", (1990, "constructor"): "japan",
    (1997, "driver"): "europe", (1997, "constructor"): "japan", (2009, "driver"): "brazil", (2009, "constructor"): "brazil",
    (2014, "driver"): "abu-dhabi", (2014, "constructor"): "russia", (2021, "driver"): "abu-dhabi",
    (2021, "constructor"): "abu-dhabi", (2024, "driver"): "las-vegas", (2024, "constructor"): "abu-dhabi",
}  # fmt: skip


def by_points(rows):
    """Competitors in order, those with the same points together: who of them is ahead is printed one way and "
    "another."""
    return [(points, {who for who, _points in group}) for points, group in groupby(rows, key=lambda row: row[1])]


def ours(line):
    counted = line.printed or f"{line.points.normalize():f}"
    won = f"/{line.gross.normalize():f}" if line.gross != line.points else ""
    return line.competitor, counted + won


@pytest.mark.parametrize(("year", "name"), TABLES)
def test_the_final_table_is_the_printed_one(year, name):
    tables = tables_of(pack("formula-1").championship(name, year), seasons.scorings(year))

    found = [ours(line) for line in tables[max(tables)] if line.gross]

    assert by_points(found) == by_points([tuple(one.split()) for one in TABLES[year, name].split(",")])


@pytest.mark.parametrize(("year", "name"), DECIDED)
def test_the_title_fell_where_history_says(year, name):
    _champion, number = decided_after(pack("formula-1").championship(name, year), seasons.scorings(year))

    assert {race["grandPrixId"] for race in seasons._by_year("races")[year] if int(race["round"]) == number} == {
        DECIDED[year, name]
    }
