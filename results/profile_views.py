"""Public pages of drivers, teams, manufacturers and circuits: who is released, and what stands in released results."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from results import careers, circuit_records, statistics
from results.identity import current_slug
from results.models import Circuit, ClassificationRow, Driver, Layout, Manufacturer, Team, TeamSuccession
from results.names import fold
from results.profile_tables import ResultsFilter, ResultsTable
from results.standings.summaries import standings_of_thing

PAGE = 100  # lines of a table
NAMES = 120  # names of a list


@require_safe
def driver_detail(request: HttpRequest, slug: str) -> HttpResponse:
    driver = Driver.objects.public().filter(slug=slug).first()
    if driver is None:
        return _moved(Driver.objects.public(), slug)
    career, rows = statistics.career_of(statistics.subject_of(driver)), careers.rows_of_driver(driver)
    context = {
        "driver": driver,
        "canonical_path": driver.get_absolute_url(),
        "standings": standings_of_thing(driver, career),
        "grades": list(driver.grades.select_related("season__series").order_by("-season__label")[:3]),
        **results_context(request, career, rows, driver.full_name, below=("team", "car")),
    }
    return render(request, "results/driver_detail.html", context)


@require_safe
def team_detail(request: HttpRequest, slug: str) -> HttpResponse:
    team = Team.objects.public().filter(slug=slug).first()
    if team is None:
        return _moved(Team.objects.public(), slug)
    career, rows = statistics.career_of(statistics.subject_of(team)), careers.rows_of_team(team)
    context = {
        "team": team,
        "canonical_path": team.get_absolute_url(),
        "standings": standings_of_thing(team, career),
        "lineage": lineage_of(team),
        **results_context(request, career, rows, team.name, below=("crew", "car")),
    }
    return render(request, "results/team_detail.html", context)


def _moved(public: QuerySet[Driver] | QuerySet[Team], slug: str) -> HttpResponse:
    """To whom the driver or team of an old address was merged into, if readers may see him; Http404 otherwise."""
    name = str(public.model._meta.model_name)
    current = public.filter(slug=current_slug(name, slug)).values_list("slug", flat=True).first()
    if current is None:
        raise Http404
    return HttpResponsePermanentRedirect(reverse(f"results:{name}-detail", args=[current]))


@require_safe
def manufacturer_detail(request: HttpRequest, slug: str) -> HttpResponse:
    manufacturer = get_object_or_404(Manufacturer.objects.public(), slug=slug)
    career = statistics.career_of(statistics.subject_of(manufacturer))
    rows = careers.rows_of_manufacturer(manufacturer)
    context = {
        "manufacturer": manufacturer,
        "canonical_path": manufacturer.get_absolute_url(),
        "standings": standings_of_thing(manufacturer, career),
        **results_context(request, career, rows, manufacturer.name, below=("crew", "team", "car")),
    }
    return render(request, "results/manufacturer_detail.html", context)


@require_safe
def circuit_detail(request: HttpRequest, slug: str) -> HttpResponse:
    circuit = get_object_or_404(Circuit.objects.public(), slug=slug)
    career = careers.seasons_at(circuit)
    winners = careers.rows_at_circuit(circuit).filter(
        position=1, classification__session__kind__in=(*statistics.FULL_RACES, "sprint")
    )
    context = {
        "circuit": circuit,
        "canonical_path": circuit.get_absolute_url(),
        "layouts": Layout.objects.filter(circuit=circuit),
        "records": careers.records_at(circuit),
        "series_records": circuit_records.records_of(circuit),
        **results_context(request, career, winners, circuit.name, below=("crew", "team", "car")),
    }
    return render(request, "results/circuit_detail.html", context)


def results_context(
    request: HttpRequest,
    career: statistics.Career,
    rows: QuerySet[ClassificationRow],
    caption: str,
    *,
    below: tuple[str, ...],
) -> dict[str, Any]:
    """The figures and the table of results, as filtered; BadRequest for a choice that does not exist."""
    form = PageForm(request.GET)
    chosen = ResultsFilter(request.GET, careers.result_lines(rows), career=career)
    if not chosen.is_valid() or not form.is_valid():
        raise BadRequest("no such choice")
    pages = Paginator(chosen.qs, PAGE)
    page = form.page_of(pages)
    table = ResultsTable(page.object_list, caption=caption, chosen=chosen.chosen, below=below)
    return {"career": career, "total": career.total, "filter": chosen, "table": table, "page": page}


class PageForm(forms.Form):
    """Which page of a long list; a page that is not there is no page."""

    seite = forms.IntegerField(min_value=1, max_value=10_000, required=False)

    def page_of(self, pages: Paginator[Any]) -> Any:
        number = self.cleaned_data["seite"] or 1
        if number > pages.num_pages:
            raise Http404
        return pages.page(number)


# ------------------------------------------------------------------ lineage


def lineage_of(team: Team) -> list[TeamSuccession]:
    """Who the team was before and what became of it, as far as readers may see those teams; the nearest steps."""
    public = Team.objects.public()
    steps = TeamSuccession.objects.filter(
        Q(predecessor=team, successor__in=public) | Q(successor=team, predecessor__in=public)
    )
    return list(steps.select_related("predecessor", "successor"))


# ------------------------------------------------------------------ lists


@dataclass(frozen=True, slots=True)
class Stretch:
    """A page of a list that nobody counts: to count the names that readers may see takes longer than to show some."""

    object_list: list[Any]
    number: int
    has_next: bool

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_other_pages(self) -> bool:
        return self.has_previous or self.has_next

    @property
    def previous_page_number(self) -> int:
        return self.number - 1

    @property
    def next_page_number(self) -> int:
        return self.number + 1


class NamesForm(PageForm):
    """Whom a reader looks for."""

    q = forms.CharField(label=gettext_lazy("Name"), required=False, max_length=80, strip=True)

    def stretch_of(self, names: QuerySet[Any], length: int) -> Stretch:
        """The page asked for; Http404 behind the last one."""
        number = self.cleaned_data["seite"] or 1
        found = list(names[(number - 1) * length : number * length + 1])
        if not found and number > 1:
            raise Http404
        return Stretch(found[:length], number, has_next=len(found) > length)


def name_list(request: HttpRequest, names: QuerySet[Any], *, title: str, model: type[Model]) -> HttpResponse:
    """Names in order, a page at a time, those that hold the words asked for."""
    form = NamesForm(request.GET)
    if not form.is_valid():
        raise BadRequest("no such page")
    for word in fold(form.cleaned_data["q"]).split():
        names = names.filter(folded__contains=word)
    page = form.stretch_of(names, NAMES)
    query = form.cleaned_data["q"]
    context = {
        "title": title,
        "form": form,
        "page": page,
        "query": query,
        "canonical_path": request.path,
        "model": model._meta.model_name,
        "chosen": {"q": query} if query else {},
    }
    return render(request, "results/name_list.html", context)


@require_safe
def driver_list(request: HttpRequest) -> HttpResponse:
    return name_list(request, Driver.objects.public().order_by("sort_key", "pk"), title=_("Drivers"), model=Driver)


@require_safe
def team_list(request: HttpRequest) -> HttpResponse:
    return name_list(request, Team.objects.public().order_by("folded"), title=_("Teams"), model=Team)


@require_safe
def manufacturer_list(request: HttpRequest) -> HttpResponse:
    found = Manufacturer.objects.public().order_by("folded")
    return name_list(request, found, title=_("Manufacturers"), model=Manufacturer)


@require_safe
def circuit_list(request: HttpRequest) -> HttpResponse:
    return name_list(request, Circuit.objects.public().order_by("folded"), title=_("Circuits"), model=Circuit)
