"""A made-up event with ten thousand drivers and a report about it of any length."""

from typing import Any

_FIRST = ["Anton", "Berta", "Carlo", "Doris", "Emil", "Frida", "Gustav", "Hanna", "Igor", "Jana"]
_START = ["Bar", "Ker", "Lan", "Mor", "Nel", "Pas", "Rov", "Sil", "Tan", "Vel", "Wes", "Zan"]
_MIDDLE = [
    "da",
    "de",
    "di",
    "do",
    "du",
    "la",
    "le",
    "li",
    "lo",
    "lu",
    "ma",
    "me",
    "mi",
    "mo",
    "mu",
    "na",
    "ne",
    "ni",
    "no",
    "nu",
    "ra",
    "re",
    "ri",
    "ro",
    "ru",
]
_END = [
    "ber",
    "dorf",
    "feld",
    "gen",
    "hard",
    "inger",
    "kamp",
    "lich",
    "mann",
    "nik",
    "owski",
    "rath",
    "sen",
    "tin",
    "ulla",
    "vik",
    "witz",
    "xel",
]
_DRIVERS, _CREW = 10_000, 4


def large_case(factor: int) -> tuple[str, dict[str, Any]]:
    """A text of `factor` times 10 kB and its data."""
    names = [start + middle + end for start in _START for middle in _MIDDLE for end in _END]
    names += [name + "a" for name in names]
    cars = []
    for number in range(_DRIVERS // _CREW):
        crew = names[number * _CREW : number * _CREW + _CREW]
        drivers = [{"first": _FIRST[place], "last": last, "nationality": "GER"} for place, last in enumerate(crew)]
        seconds = 3_600_000 + number * 137
        cars.append(
            {
                "pos": number + 1,
                "class": "GT3",
                "pos_in_class": number + 1,
                "number": str(number + 1),
                "team": f"Team {crew[0]}",
                "car": "BMW M4 GT3",
                "drivers": drivers,
                "laps": 40,
                "gap": None,
                "best_lap": None,
                "status": "classified",
                "time": f"1:{seconds // 60000 - 60:02}:{seconds // 1000 % 60:02}.{seconds % 1000:03}",
            }
        )
    data = {
        "series": "GT", "season": "2024", "event": "Groß", "circuit": "Ring", "timezone": "Europe/Berlin", "standings": [],
        "sessions": [{"id": "R", "name": "Rennen", "kind": "race", "date": "2024-05-05T12:00", "classification": cars}],
    }  # fmt: skip
    text: list[str] = []
    length, place = 0, 0
    while length < factor * 10_000:
        car = cars[place * 7 % len(cars)]
        crew = "/".join(driver["last"] for driver in car["drivers"])
        line = (
            f"Der BMW #{car['number']} ({crew}) kam am Sonntag nach 40 Runden mit 12,786 Sekunden Rückstand auf den Sieger auf "
            f"Rang {car['pos']} ins Ziel. „Das war ein guter Tag für uns alle“, sagte {car['drivers'][0]['last']}.\n"
        )
        text.append(line)
        length += len(line)
        place += 1
    return "".join(text)[: factor * 10_000], data
