"""What a file says about itself becomes a proposal, whatever charset it is in and whatever it hides."""

import io
import struct

import PIL.Image
import pytest

from articles import picture_texts, pictures
from articles.picture_texts import PictureTexts
from tests.articles.picture_files import photo_with_metadata, picture, upload
from tests.factories import UserFactory

UTF8 = b"\x1b%G"


def with_iptc(fields, data=None):
    """A JPEG whose Photoshop block holds IPTC fields: (record, number) -> bytes."""
    data = data or picture()
    block = b"".join(b"\x1c" + bytes(key) + struct.pack(">H", len(value)) + value for key, value in fields.items())
    resource = b"8BIM\x04\x04\x00\x00" + struct.pack(">I", len(block)) + block + b"\x00" * (len(block) % 2)
    segment = b"Photoshop 3.0\x00" + resource
    return data[:2] + b"\xff\xed" + struct.pack(">H", len(segment) + 2) + segment + data[2:]


def with_xmp(inner, file_format="JPEG", attributes=""):
    packet = (
        '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"'
        ' xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"'
        f"{attributes}>{inner}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>"
    )
    return picture(64, 48, file_format, xmp=packet.encode())


def texts_of(data):
    return picture_texts.read(PIL.Image.open(io.BytesIO(data)))


def test_iptc_is_read_field_by_field():
    data = with_iptc(
        {
            (2, 5): b"Start in Sakhir",
            (2, 80): b"K. Beispiel",
            (2, 110): b"Agentur",
            (2, 116): b"(c) Agentur 2026",
            (2, 120): b"Die Boxengasse",
        }
    )

    assert texts_of(data) == PictureTexts("Start in Sakhir", "Die Boxengasse", "Agentur", "(c) Agentur 2026")


@pytest.mark.parametrize(
    ("stored", "mark"),
    [
        ("Grün über Rädern".encode(), b""),
        ("Grün über Rädern".encode("cp1252"), b""),
        ("Grün über Rädern".encode(), UTF8),
    ],
)
def test_umlauts_survive_every_charset(stored, mark):
    fields = {(1, 90): mark, (2, 120): stored} if mark else {(2, 120): stored}

    assert texts_of(with_iptc(fields)).caption == "Grün über Rädern"


def test_what_cp1252_writes_for_quotation_marks_and_the_euro_is_read():
    assert texts_of(with_iptc({(2, 120): "„Sieg“ – 5 €".encode("cp1252")})).caption == "„Sieg“ – 5 €"


def test_a_text_that_claims_utf8_and_is_not_loses_a_sign_and_not_itself():
    assert texts_of(with_iptc({(1, 90): UTF8, (2, 120): b"Gr\xfcn"})).caption == "Gr�n"


@pytest.mark.parametrize("file_format", ["JPEG", "WEBP", "AVIF"])  # Pillow writes none into PNG
def test_xmp_is_read_in_every_format(file_format):
    data = with_xmp(
        "<dc:description><rdf:Alt><rdf:li xml:lang='x-default'>Start</rdf:li><rdf:li xml:lang='de-DE'>Der Start</rdf:li>"
        "</rdf:Alt></dc:description><dc:rights><rdf:Alt><rdf:li>© Müller</rdf:li></rdf:Alt></dc:rights>"
        "<dc:creator><rdf:Seq><rdf:li>K. Müller</rdf:li></rdf:Seq></dc:creator>"
        "<Iptc4xmpCore:AltTextAccessibility><rdf:Alt><rdf:li>Zwei Autos</rdf:li></rdf:Alt>"
        "</Iptc4xmpCore:AltTextAccessibility>",
        file_format,
        ' photoshop:Headline="Sakhir"',
    )

    assert texts_of(data) == PictureTexts("Sakhir", "Der Start", "K. Müller", "© Müller", "Zwei Autos")


@pytest.mark.parametrize(
    "inner",
    [
        '</rdf:Description><!DOCTYPE x [<!ENTITY a "ha">]>',
        "<dc:rights>&a;</dc:rights>",
        "<unclosed>",
        "<a>" * 5_000,
    ],
)
def test_xmp_that_is_broken_or_hostile_says_nothing(inner):
    assert texts_of(with_xmp(inner)) == PictureTexts()


def test_an_entity_bomb_is_not_unfolded():
    bomb = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {chr(98 + i)} "{("&" + chr(97 + i) + ";") * 10}">' for i in range(9)
    )
    data = picture(64, 48, xmp=f"{bomb}]><l>&j;</l>".encode())

    assert texts_of(data) == PictureTexts()


def test_xmp_goes_before_iptc_before_exif():
    data = with_iptc(
        {(2, 120): b"aus IPTC", (2, 110): b"Agentur"}, with_xmp("", attributes=' photoshop:Credit="aus XMP"')
    )

    assert texts_of(data) == PictureTexts(caption="aus IPTC", credit="aus XMP")


def test_markup_and_control_marks_are_plain_words_on_one_line():
    hostile = "<b>fett</b>\u202e\u200b\x00\r\n<img src=x onerror=alert(1)>"

    found = texts_of(with_iptc({(2, 120): hostile.encode()})).caption

    assert found == "<b>fett</b> <img src=x onerror=alert(1)>"


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("DSC_0815.JPG", "DSC 0815"),
        ("C:\\Bilder\\Start_Sakhir.jpeg", "Start Sakhir"),
        ("../../etc/passwd", "passwd"),
        ("ohne", "ohne"),
        (".jpg", ""),
    ],
)
def test_a_files_name_is_a_title_for_want_of_a_better(name, title):
    assert picture_texts.title_of(name) == title


@pytest.mark.django_db
def test_the_proposals_stand_in_the_library_and_are_escaped_wherever_they_are_shown(client):
    data = with_iptc({(2, 5): b"<script>x</script>Titel", (2, 120): b"<b>fett</b>", (2, 110): b'"><i>x'})
    data = data.replace(b"<script>x</script>", b"<scrOpt>x</scrOpt>")  # the mark itself would be refused
    client.force_login(UserFactory(role="pictures"))

    image = pictures.store_upload(upload(data), by=None)
    page = client.get(f"/admin/articles/image/{image.pk}/change/").content.decode()
    listed = client.get("/admin/articles/image/").content.decode()

    assert (image.caption, image.credit) == ("<b>fett</b>", '"><i>x')
    assert "<b>fett" not in page
    assert "<i>x" not in page + listed
    assert "<scrOpt" not in page + listed


@pytest.mark.django_db
def test_place_and_camera_are_nowhere():
    image = pictures.store_upload(upload(photo_with_metadata()), by=None)

    said = " ".join(str(getattr(image, field.attname)) for field in image._meta.concrete_fields)
    assert "26.0" not in said
    assert "geheim" not in said
