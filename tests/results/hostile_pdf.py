"""PDFs that mean harm, or are none: bombs, locks, forms, scripts, pictures, pieces. Written byte by byte."""

import zlib

from tests.results.printed_pages import printed, race

HEAD = ["Pos", "Nr", "Fahrer", "Team", "Klasse", "Kl-Pos", "Runden", "Zeit", "Abstand", "Beste Runde"]
LETTERS = b"BT /F1 12 Tf 50 700 Td (Platz Nr Fahrer Runden) Tj ET"


def written(content=LETTERS, *, packed=False, catalog=b"", page=b"", pages=1, trailer=b"", more=()):
    """A PDF of `pages` pages that all show one stream; `more` are further objects."""
    stream = content if packed else zlib.compress(content)
    kids = b" ".join(b"%d 0 R" % (5 + number) for number in range(pages))
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        *(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 3 0 R >> %s >> >>" % page
            for _number in range(pages)
        ),
        *more,
    ]  # fmt: skip
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(bodies, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, trailer, table)
    return bytes(out)


def bomb(size=2**30):
    """A stream of some hundred kilobytes that unpacks to a gigabyte of blanks."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * 2**20) for _number in range(size // 2**20)) + packer.flush()
    return written(packed, packed=True)


def nested_bomb():
    """A stream packed twice, of which each round grows a thousand times."""
    inner = zlib.compress(zlib.compress(b" " * 2**29, 9), 9)
    return written(inner, packed=True).replace(b"/Filter /FlateDecode", b"/Filter [/FlateDecode /FlateDecode]")


def circle():
    """A form that shows itself."""
    form = b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> >> /Length 5 >>\nstream\n/X Do\nendstream"
    return written(b"/X Do", page=b"/XObject << /X 6 0 R >>", more=[form])


def many_forms(depth=9, width=9):
    """Forms that each show the next one several times: 9 to the power of 9 letters out of a kilobyte."""
    more = []
    for level in range(depth):
        last = level == depth - 1
        body = LETTERS if last else b"/X Do " * width
        refers = b"/Font << /F1 3 0 R >>" if last else b"/XObject << /X %d 0 R >>" % (7 + level)
        more.append(b"<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << %s >> /Length %d >>\nstream\n%s\nendstream" % (refers, len(body), body))  # fmt: skip
    return written(b"/X Do", page=b"/XObject << /X 6 0 R >>", more=more)


def endless_pages():
    """A tree of pages that holds itself."""
    return written().replace(b"/Kids [5 0 R]", b"/Kids [2 0 R]")


def locked():
    """Encrypted with a password that nobody gives."""
    key = b"<< /Filter /Standard /V 2 /R 3 /Length 128 /P -44 /O <%s> /U <%s> >>" % (b"41" * 32, b"42" * 32)
    return written(trailer=b"/Encrypt %s /ID [<%s> <%s>]" % (key, b"43" * 16, b"43" * 16))


def picture():
    """A scanned page: an image and not one letter."""
    image = b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>\nstream\n\x00\nendstream"
    return written(b"q 595 0 0 842 0 0 cm /I Do Q", page=b"/XObject << /I 6 0 R >>", more=[image])


def form():
    return written(catalog=b"/AcroForm << /XFA (x) /Fields [] >>")


def torn():
    """Two pages, of which the stream of the second breaks off: pdfminer alone would read the first and say nothing."""
    rows = [
        b"BT /F1 9 Tf " + b" ".join(b"1 0 0 1 %d %d Tm (%s) Tj" % (x, 800 - 14 * line, text) for line, row in enumerate(lines) for x, text in zip((40, 80, 120, 300), row, strict=True)) + b" ET"
        for lines in (
            [(b"Pos", b"Nr", b"Fahrer", b"Runden"), (b"1", b"7", b"Ada Eins", b"30"), (b"2", b"8", b"Bea Zwei", b"29")],
            [(b"3", b"9", b"Cleo Drei", b"28"), (b"4", b"10", b"Dora Vier", b"28")],
        )
    ]  # fmt: skip
    broken = zlib.compress(rows[1])[:-30]
    second = b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(broken), broken)
    data = written(rows[0], pages=2, more=[second])
    last = data.rindex(b"/Contents 4 0 R")
    return data[:last] + b"/Contents 7 0 R" + data[last + 15 :]


def script():
    """A good table that wants to run JavaScript and open an address."""
    good = printed(HEAD, race(12), above=["Rennen", "Endgültiges Ergebnis"])
    action = b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> /AA << /WC << /S /URI /URI (http://127.0.0.1:9/canary) >> >> /Type /Catalog"
    return good.replace(b"/Type /Catalog", action, 1)


def crowd(signs=60_000):
    return written(b"BT /F1 1 Tf 50 700 Td (" + b"1 " * (signs // 2) + b") Tj ET")


def web(lines=40_000):
    """A drawing of nothing but lines."""
    return written(b"".join(b"%d 0 m %d 800 l S " % (place % 590, place % 590) for place in range(lines)) + LETTERS)


def good():
    return printed(HEAD, race(12), above=["Rennen", "Endgültiges Ergebnis"])


# Refused as a whole, with these words.
REFUSED = {
    "bombe.pdf": (bomb, "zu viel Speicher"), "bombe_doppelt.pdf": (nested_bomb, "zu viel Speicher|beschädigt|keinen Text"),
    "kreis.pdf": (circle, "keinen Text|beschädigt|zu lange"), "vervielfacht.pdf": (many_forms, "zu lange|mehr Zeichen"),
    "seiten_im_kreis.pdf": (endless_pages, "keine Zeile darunter|beschädigt"), "verschluesselt.pdf": (locked, "Kennwort"),
    "bild.pdf": (picture, "nur Bilder, keinen Text"), "xfa.pdf": (form, "XFA-Formular"),
    "viele_seiten.pdf": (lambda: written(pages=41), "mehr als 40 Seiten"), "viele_zeichen.pdf": (crowd, "mehr Zeichen|zu lange"),
    "zeichnung.pdf": (web, "zu vielen Linien|zu lange"), "abgebrochen.pdf": (lambda: good()[:3_000], "bricht ab"),
    "halb.pdf": (lambda: good()[:2_000] + b"\n%%EOF\n", "beschädigt|keinen Text|nicht zu erkennen"),
    "zerrissen.pdf": (torn, "beschädigt"), "kein.pdf": (lambda: b"%PDF-1.7\nkein PDF\n%%EOF\n", "beschädigt|keinen Text"),
    "brief.pdf": (lambda: written(b"BT /F1 12 Tf 50 700 Td (Sehr geehrte Damen und Herren) Tj ET"), "Eine Tabelle ist nicht zu erkennen"),
    "leer.pdf": (lambda: written(b" "), "keinen Text"), "gross.pdf": (lambda: good() + b"\0" * 2**24, "zu groß"),
}  # fmt: skip
# Read whole, with so many rows.
ACCEPTED = {"skript.pdf": (script, 12), "gut.pdf": (good, 12)}


def make(folder):
    """Writes them all."""
    for name, (maker, _expected) in (REFUSED | ACCEPTED).items():
        (folder / name).write_bytes(maker())
