"""The hostile files of the abuse plan, each with its outcome; our own small set runs where the shared one is missing."""

import csv
import re
import time
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from results.importers import sniff
from results.importers.encoding import RESULTS_LIMIT
from results.importers.records import FileRefused
from results.models import ClassificationRow, Driver, Event, Lap, SourceDocument
from tests.factories import EventFactory, SessionFactory
from tests.results import hostile_pdf
from tests.results.hostile import HEAD, MAKER, OK, make_own, make_shared, measured
from tests.results.mutations import flooded, outcome

OURS = {
    "csv",
    "json",
    "rss/xml",
    "zip",
    "xlsx",
    "docx",
    "calendar csv",
    "http import",
}  # kinds that the import of results meets
SECONDS, MEMORY = 2, 150  # of the processor; MB
SLOWER = {"100k_1_schlecht.csv": 10}  # 100,000 rows

# Refused as a whole, with these words.
REFUSED = {
    "nul.csv": "Zeile 5, Byte .*NUL-Zeichen", "broken_utf8.csv": "Zeile 5, Byte .*UTF-8", "lone_surrogate.json": "nicht bekannt",
    "overlong.csv": "Zeile 5: Ein Feld ist zu lang", "leer.csv": "leer", "nur_kopf.csv": "keine Zeile darunter",
    "breit.csv": "50000 Spalten", "laughs.xml": "", "quadratic.xml": "", "xxe_file.xml": "", "xxe_http.xml": "", "tief.xml": "",
    "xinclude.xml": "", "bombe.zip": "Ausgepackt wäre die Datei größer", "bombe_nested.zip": "wieder ein Archiv",
    "luegner.zip": "größer, als das Archiv angibt", "viele.zip": "mehr als 1000 Dateien", "traversal.zip": "aus seinem Ordner",
    "symlink.zip": "symbolische Verknüpfung", "ok.docx": "Word-Dokument", "xxe.docx": "Dokumenttyp", "laughs.docx": "Dokumenttyp",
    "fernbild.docx": "Word-Dokument", "bombe.docx": "Ausgepackt wäre die Datei größer", "bombe.xlsx": "Ausgepackt wäre die Datei größer",
    "kein.xlsx": "beschädigt", "bombe.json.gz": "Gepackte Dateien",
}  # fmt: skip
REFUSED |= {name: words for name, (_maker, words) in hostile_pdf.REFUSED.items()}
# Read, and a row of it rejected: line, column, words.
REJECTED = {
    "zeit_1_60.csv": (2, "zeit", "59"), "zeit_neg.csv": (2, "zeit", "negativ"), "zeit_nan.csv": (2, "zeit", "keine Zeit"),
    "zeit_exp.csv": (2, "zeit", "keine Zeit"), "zeit_huge.csv": (2, "zeit", "so lange dauert kein Rennen"),
    "zeit_micro.csv": (2, "zeit", "Nachkommastellen"), "zeit_arab.csv": (2, "zeit", "gehört nicht hinein"),
    "abstand_negativ.csv": (3, "abstand", "negativ"), "pos_doppelt.csv": (4, "pos", "Platz 2 ist an 7 und 9 vergeben"),
    "nr_doppelt.csv": (4, "nr", "steht schon in Zeile 3"), "sieger_mehr_runden.csv": (4, "runden", "mehr als der Sieger"),
    "summe_falsch.csv": (2, "gesamt", "Die Punkte gehen nicht auf"), "bidi.csv": (5, "fahrer", "Schreibrichtung"),
    "redos_zeit.csv": (2, "fahrer", "zu lang"), "100k_1_schlecht.csv": (100_001, "runden", "Datenzeile 100000"),
}  # fmt: skip
# Read: rows, and what a doubt says.
ACCEPTED = {
    "ok_utf8.csv": (3, ""), "ok_utf8_bom.csv": (3, ""), "ok_cp1252.csv": (3, ""), "ok_utf16.csv": (3, ""), "ok_mac.csv": (3, ""),
    "quoted_newline.csv": (4, ""), "zeit_komma.csv": (1, ""), "pos_luecke.csv": (3, "Es fehlen die Plätze 3 bis 4"),
    "formel.csv": (5, "ist eine Formel und kein Rückstand"), "html_in_name.csv": (4, ""), "ueberlappend.csv": (0, "als Rennen angelegt"),
}  # fmt: skip
ACCEPTED |= {name: (rows, "") for name, (_maker, rows) in hostile_pdf.ACCEPTED.items()}


@pytest.fixture(scope="session", params=["own", "shared"])
def folder(request, tmp_path_factory):
    if request.param == "shared" and not MAKER.exists():
        pytest.skip(f"no {MAKER}")
    target = tmp_path_factory.mktemp(request.param) / "files"
    return make_shared(target) if request.param == "shared" else make_own(target)


@pytest.fixture(scope="session")
def outcomes(folder):
    return measured(folder)


@pytest.mark.slow
def test_every_file_of_the_plan_that_concerns_results_has_an_expectation(folder):
    listed = folder / "EXPECT.tsv"
    names = {path.name for path in folder.iterdir()}
    if listed.exists():
        names = {row[0] for row in csv.reader(listed.read_text("utf-8").splitlines(), delimiter="\t") if row[1] in OURS}
    assert names - {"zwei_gb.csv"} <= REFUSED.keys() | REJECTED.keys() | ACCEPTED.keys()


@pytest.mark.slow
def test_each_hostile_file_is_refused_or_read_as_it_must_be(outcomes):
    wrong = []
    for name, said in REFUSED.items():
        if (found := outcomes.get(name)) and not (found["refused"] and re.search(said, found["refused"])):
            wrong.append(found)
    for name, (line, column, said) in REJECTED.items():
        if (found := outcomes.get(name)) and not any(
            one[0] == line and one[1] == column and said in one[2] for one in found["rejected"]
        ):
            wrong.append(found)
    for name, (rows, said) in ACCEPTED.items():
        if ((found := outcomes.get(name)) and (found["rejected"] or found["refused"] or found["rows"] != rows)) or (
            found and not any(said in doubt for doubt in [*found["doubts"], ""])
        ):
            wrong.append(found)
    assert wrong == []
    assert len(outcomes) > 30


@pytest.mark.slow
def test_no_hostile_file_takes_long_or_fills_the_memory(outcomes):
    measures = {name: (found["seconds"], found["grown"]) for name, found in outcomes.items()}
    assert {name: one for name, one in measures.items() if one[0] > SLOWER.get(name, SECONDS)} == {}
    assert {name: one for name, one in measures.items() if one[1] > MEMORY} == {}
    # PDFs are read by a process of their own, which has some 45 MB before it reads anything.
    helpers = {name: (found["took"], found["helper"]) for name, found in outcomes.items() if name.endswith(".pdf")}
    assert {name: one for name, one in helpers.items() if one[0] > 10 or one[1] > 45 + MEMORY} == {}


@pytest.mark.slow
def test_names_are_never_garbled_in_any_encoding(outcomes):
    names = {tuple(found["names"][:3]) for name, found in outcomes.items() if name.startswith("ok_") and found["rows"]}
    assert names == {("Müller", "Groß", "O'Brien")}


@pytest.mark.slow
def test_no_refusal_shows_a_file_of_this_machine(outcomes):
    host = Path("/etc/hostname").read_text("utf-8").strip()  # what an external entity would read
    assert not [name for name, found in outcomes.items() if host and host in str(found)]


# ------------------------------------------------------------------ into the database


@pytest.fixture
def race():
    return SessionFactory(event=EventFactory(slug="heide"), key="R", kind="race")


def import_results(*files, **options):
    out = StringIO()
    call_command(
        "import_results", *[str(file) for file in files], stdout=out, **{"event": "heide", "session": "R", **options}
    )
    return out.getvalue()


@pytest.fixture
def written(tmp_path):
    def write(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.mark.slow
@pytest.mark.django_db
def test_of_a_refused_file_nothing_is_stored_and_of_the_others_every_row(folder, race):
    for name in sorted(REFUSED.keys() | REJECTED.keys() - {"100k_1_schlecht.csv"}):
        if (folder / name).exists():
            with pytest.raises(CommandError):
                import_results(folder / name)
    assert (ClassificationRow.objects.count(), Driver.objects.count(), SourceDocument.objects.count()) == (0, 0, 0)
    for name, (rows, _doubt) in ACCEPTED.items():
        if rows and (folder / name).exists():
            SessionFactory(event=race.event, key=name[:20], kind="race")
            import_results(folder / name, session=name[:20], accept=True, reason="Probe")
            stored = ClassificationRow.objects.filter(
                classification__session__key=name[:20], classification__is_current=True
            )
            assert stored.count() == rows, name


@pytest.mark.slow
@pytest.mark.django_db
def test_the_calendar_with_an_hour_that_does_not_exist_is_refused_and_its_row_named(folder):
    with pytest.raises(CommandError, match=r"Rennen: 29\.03\.2026 02:30 gibt es in Europe/Berlin nicht"):
        import_results(folder / "ueberlappend.csv", event="", session="", zone="Europe/Berlin")
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_a_file_of_two_gigabytes_is_refused_by_its_size_before_it_is_read(tmp_path, race):
    path = tmp_path / "zwei_gb.csv"
    with path.open("wb") as file:
        file.write(OK.encode())
        file.truncate(2 * 2**30)
    begun = time.process_time()
    with pytest.raises(CommandError, match=f"größer als {RESULTS_LIMIT // 2**20} MB"):
        import_results(path)
    assert time.process_time() - begun < 1


@pytest.mark.django_db
def test_the_same_file_renamed_or_with_its_rows_in_another_order_is_nothing_new(written, race):
    assert "3 neu" in import_results(written("eins.csv", OK))
    head, *lines = OK.splitlines()
    for name, content in (
        ("eins.csv", OK), ("zwei.txt", OK), ("drei.csv", "\n".join([head, *reversed(lines)])), ("vier.csv", OK.encode("cp1252")),
        ("fünf.csv", OK.replace(";", "\t")), ("sechs.csv", "\ufeff" + OK.replace("\n", "\r\n")),
    ):  # fmt: skip
        assert "0 neu, 0 geändert" in import_results(written(name, content)), name
    assert (ClassificationRow.objects.count(), Driver.objects.count(), SourceDocument.objects.count()) == (3, 3, 1)


@pytest.mark.slow
@pytest.mark.django_db
def test_one_bad_row_among_100000_refuses_them_all_and_is_named(written, race):
    body = "".join(f"{place};{place};Fahrer {place};T;10;;+{place}.000\n" for place in range(2, 100_000))
    path = written("schlecht.csv", f"{HEAD}1;1;Sieger;T;10;1:00:00.000;\n{body}100000;x;Kaputt;T;zehn;;\n")
    with pytest.raises(
        CommandError, match=r"Zeile 100001, runden: „zehn“ ist keine ganze Zahl\. \(Datenzeile 100000\)"
    ):
        import_results(path)
    assert (ClassificationRow.objects.count(), Driver.objects.count()) == (0, 0)


@pytest.mark.slow
@pytest.mark.django_db
def test_100000_good_rows_are_imported_within_a_minute(written, race):
    lines = [
        f"{car};{lap};{85 + (car + lap) % 9}.{(car * lap) % 1000:03d}"
        for car in range(1, 101)
        for lap in range(1, 1_001)
    ]
    begun = time.monotonic()
    import_results(written("runden.csv", "Nr;Runde;Rundenzeit\n" + "\n".join(lines) + "\n"))
    assert time.monotonic() - begun < 60
    assert Lap.objects.count() == 100_000


# ------------------------------------------------------------------ endless repetitions


FLOODS = [
    "<",
    "a.",
    "&;",
    "1:",
    " ",
    '"',
    "'",
    "+",
    ",",
    ";",
    "(",
    "{",
    "[",
    "\n",
    "Ä",
    "1",
    "BEGIN:VEVENT\n",
    "/",
    "-",
    "|",
]


@pytest.mark.slow
@pytest.mark.parametrize("format_", sniff.formats(), ids=lambda one: one.FORMAT)
def test_no_parser_hangs_on_a_hundred_kilobytes_of_one_sign(format_, samples):
    slow = []
    for sample in [b"", *samples[format_.FORMAT][:3]]:
        for flood in FLOODS:
            data = flooded(sample, flood * (100_000 // len(flood)))
            begun = time.process_time()
            asked = read_by(format_, data)
            if (seconds := time.process_time() - begun) > asked * SECONDS:
                slow.append((format_.FORMAT, flood, seconds))
    assert slow == []


def read_by(format_, data) -> int:
    """Reads the data as whatever it is told to be, and as that format; the number of parsers that were asked."""
    try:
        told = sniff.sniff(data)
    except FileRefused as refusal:
        assert len(str(refusal)) > 10  # noqa: PT017 - a sentence
        told = None
    parsers = [format_] if told in {None, format_} else [told, format_]
    for parser in parsers:
        outcome(parser, data)
    return len(parsers)
