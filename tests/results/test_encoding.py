import contextlib
import time
import unicodedata

import pytest

from results.importers.encoding import Decoded, decode, split_lines, tidy, unfit
from results.importers.records import FileRefused

TEXT = "Müller;Größe;Bad Hönningen\nKirchhöfer;Negrão;Zoë\n"
GERMAN = "Müller;Größe;Bad Hönningen\nKirchhöfer;Möchengladbach;Straße\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode("cp1252"), "cp1252"),
        (TEXT.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("utf-32"), "utf-32"),
    ],
)
def test_a_text_is_read_in_its_encoding(data, encoding):
    assert decode(data) == Decoded(TEXT, encoding)


@pytest.mark.parametrize("encoding", ["cp850", "mac-roman"])
def test_old_dos_and_macintosh_files_are_detected(encoding):
    assert decode(GERMAN.encode(encoding)) == Decoded(GERMAN, encoding)


def test_a_declaration_counts_before_the_trial():
    latin2 = "<?xml version='1.0' encoding='ISO-8859-2'?><a>Šimek, Kraków</a>"
    assert decode(latin2.encode("iso8859-2")) == Decoded(latin2, "iso8859-2")
    page = '<html><meta charset="iso-8859-1"><p>Müller – “x”</p>'
    assert decode(page.encode("cp1252")) == Decoded(page, "cp1252")


@pytest.mark.parametrize("lie", ["utf-8", "rot13", "zlib", "utf-7", "keine"])
def test_a_declaration_that_does_not_hold_is_passed_over(lie):
    page = f"<?xml version='1.0' encoding='{lie}'?><a>Müller</a>"
    assert decode(page.encode("cp1252")) == Decoded(page, "cp1252")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Die Datei ist leer."),
        (b" \r\n ", "Die Datei ist leer."),
        (b"a;b\r\nc;\x00", "Zeile 2, Byte 8: ein NUL-Zeichen."),
        (TEXT.encode("utf-16-le"), "UTF-16 ohne Kennung"),
        (b"\xff\xfea", "Zeile 1, Byte 3: kein gültiges UTF-16."),
        (b"\xef\xbb\xbfa\r\xff", "Zeile 2, Byte 6: kein gültiges UTF-8."),
        ("M\u00fcller\n".encode() + b"4;5;\xff\xfe\xc3;D\n", "Zeile 2, Byte 13: kein gültiges UTF-8"),
        ("M\u00fcller\n".encode() + b"4;5;\xed\xa0\x80;D\n", "Zeile 2, Byte 13: kein gültiges UTF-8"),
        (
            "ok\nMüller".encode().decode("cp1252").encode(),
            "Zeile 2, Byte 5: Die Umlaute sind verstümmelt („ok MÃ¼ller“)",
        ),
        ("ok\nMüller".encode().decode("cp1252").encode("cp1252") + b"\xfc", "Zeile 2, Byte 11: kein gültiges UTF-8"),
        ("„Größe“".encode().decode("cp1252", "replace").encode(), "verstümmelt"),
        ("M\ufffdller".encode(), "Zeile 1, Byte 2: ein Ersatzzeichen"),
        (b"\x81\x8d\x8f\x90\x9d" * 3, "nicht zu erkennen"),
    ],
)
def test_what_cannot_be_read_right_is_refused_with_line_and_byte(data, sentence):
    with pytest.raises(FileRefused) as caught:
        decode(data)
    assert sentence in str(caught.value)


def test_a_file_over_the_limit_is_refused_unread():
    with pytest.raises(FileRefused, match=r"zu groß\. Erlaubt sind 2 MB"):
        decode(b"x" * (2 * 2**20 + 1), limit=2 * 2**20)


@pytest.mark.parametrize("unit", [b"<", b"<meta ", b"\xff", b"\x81", b"a\r", b"<?xml "])
def test_a_hostile_file_is_read_in_linear_time(unit):
    began = time.perf_counter()
    with contextlib.suppress(FileRefused):
        decode(unit * (2**23 // len(unit)))
    assert time.perf_counter() - began < 2


def test_lines_end_at_newlines_only():
    assert split_lines("a\rb\r\nc\nd\x0be\u2028f\x85g\n") == ["a", "b", "c", "d\x0be\u2028f\x85g"]
    assert split_lines("a\n\nb") == ["a", "", "b"]
    assert split_lines("") == []


@pytest.mark.parametrize(
    "text", ["Müller", "O'Brien", "'SELV'", "Ōtani Σ", "José María “Pechito” López", "IRMÃO", "SÃO PAULO", "Ångström"]
)
def test_a_real_name_may_be_stored(text):
    assert unfit(text) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Mül\x00ler", "Steuerzeichen"), ("M\x1bller", "Steuerzeichen"), ("M\nller", "Zeilenumbruch"), ("M\u2028ller", "Zeilenumbruch"),
        ("abc\u202edef", "Schreibrichtung"), ("\u2067abc", "Schreibrichtung"), ("\ud800", "Surrogat"), ("MÃ¼ller", "verstümmelt"), ("M\ufffdller", "verstümmelt"),
    ],
)  # fmt: skip
def test_a_name_that_would_harm_is_named_unfit(text, reason):
    assert reason in unfit(text)


def test_a_value_is_tidied_before_it_is_stored():
    assert tidy("  Van  der\u00a0Linde ") == "Van der Linde"
    assert tidy(unicodedata.normalize("NFD", "Müller")) == "Müller"
    assert tidy("Mül\u200bler\u00ad") == "Müller"


def test_garbled_words_are_put_right_only_for_who_asks():
    data = "Ort\nWÃ¼rzburg, SÃ£o Paulo\nÖhringen\n".encode()
    decoded = decode(data, repair=True)
    assert decoded.text == "Ort\nWürzburg, São Paulo\nÖhringen"
    assert decoded.repaired == ((2, "WÃ¼rzburg", "Würzburg"), (2, "SÃ£o", "São"))
    with pytest.raises(FileRefused, match="verstümmelt"):
        decode(data)


@pytest.mark.parametrize("text", ["WÃ¼rzÃburg", "Ã¼" * 31, "\n".join(["MÃ¼ller"] * 501), "verlorenï¿½"])
def test_what_is_garbled_beyond_doubt_or_measure_is_refused(text):
    with pytest.raises(FileRefused, match=r"verstümmelt|Ersatzzeichen"):
        decode(text.encode(), repair=True)


def test_a_sound_file_is_not_touched_by_the_repair():
    data = "Ãgäis; Peña; Å, Â".encode()
    assert decode(data, repair=True) == decode(data)


def test_a_macintosh_file_with_punctuation_in_utf8_is_read_as_both_and_says_so():
    data = "Sébastien Buemi\nNico Müller\n".encode("mac-roman") + "24:00:18.099‡ Dempsey – Proton\n".encode()
    decoded = decode(data)
    assert (decoded.text, decoded.encoding, decoded.mixed) == (
        "Sébastien Buemi\nNico Müller\n24:00:18.099‡ Dempsey – Proton\n",
        "mac-roman",
        True,
    )


def test_other_mixtures_stay_refused():
    with pytest.raises(FileRefused, match="UTF-8"):
        decode("Müller".encode() + b"\n\xff\xfe\xc3\n")
