"""Charts of a session, drawn as SVG on the server: what is drawn where, and what it says in words.

Pure but for gettext: a field of cars in, a `Chart` out, which a template writes down. Nothing here asks the database.
"""

from collections.abc import Callable, Collection, Sequence

from django.utils.translation import gettext_lazy as _

from results.charts import gaps, lap_times, positions, stint_bars
from results.charts.drawing import Chart
from results.charts.field import Car

# By the word in the address: what the choice is called, and who draws it.
KINDS = {
    "positionen": (_("Positions"), positions.draw),
    "abstand": (_("Gaps"), gaps.draw),
    "rundenzeiten": (_("Lap times"), lap_times.draw),
    "stints": (_("Stints"), stint_bars.draw),
}
# Outside of races there is no order by lap.
KINDS_WITHOUT_ORDER = ("rundenzeiten", "stints")

Draw = Callable[[Sequence[Car], Collection[str]], Chart]


def kinds_for(*, is_timed: bool) -> dict[str, str]:
    """The charts a session can have, by their word in the address."""
    return {kind: str(name) for kind, (name, _draw) in KINDS.items() if not is_timed or kind in KINDS_WITHOUT_ORDER}


def draw(kind: str, field: Sequence[Car], chosen: Collection[str] = ()) -> Chart:
    """Draws one of KINDS for a field in order of its result; `chosen` are car numbers, empty for the usual choice."""
    return KINDS[kind][1](field, chosen)
