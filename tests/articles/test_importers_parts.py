"""The small judgements of the article importer: pictures, openings, quotations, furniture, wrapped lines, boxes."""

import datetime as dt

import pytest

from articles.importers import furniture
from articles.importers.lines import clean, group, split_lines
from articles.importers.opening import Opening, cut_date_head, cut_opening, cut_signature, read_byline, read_date_line
from articles.importers.pictures import read_alt, read_caption, read_credit
from articles.importers.quotations import read_speech
from articles.importers.records import Caption, Label
from articles.importers.series import restore_case
from articles.importers.text import Wishes, parse_text

PROSE = (
    "Das Rennen in der Eifel hielt, was es versprach. Nach sechs Stunden trennten die ersten beiden nur vier Sekunden, "
    "und das Publikum stand auf den Bänken."
)


@pytest.mark.parametrize(
    ("text", "words", "credit"),
    [
        ("Baku war Schauplatz, Foto: Blancpain", "Baku war Schauplatz", "Blancpain"),
        ("Baku war Schauplatz (Foto: dpa/Kurt Holm)", "Baku war Schauplatz", "dpa/Kurt Holm"),
        ("Baku war Schauplatz. Foto: Max Müller", "Baku war Schauplatz.", "Max Müller"),
        ("Baku war Schauplatz © Motorsport Images Zoom", "Baku war Schauplatz", "Motorsport Images"),
        ("Baku war Schauplatz | Bild: privat", "Baku war Schauplatz", "privat"),
        ("Baku hosted the finale. Photo: SRO / Kevin Pecks", "Baku hosted the finale.", "SRO / Kevin Pecks"),
        ("Der Nürburgring empfängt die Serie 2013 Zoom", "Der Nürburgring empfängt die Serie 2013", None),
        ("Ende, Foto: SRO Ende, Foto: SRO", "Ende", "SRO"),
        ("Bildunterschrift: Der Sieger im Ziel", "Der Sieger im Ziel", None),
        ("Foto: Klaus Bachler jubelt in der Box von Barcelona", "Klaus Bachler jubelt in der Box von Barcelona", None),
    ],
)
def test_a_caption_gives_words_and_credit(text, words, credit):
    assert read_caption(text) == Caption(words, credit)


@pytest.mark.parametrize(
    "text", ["Auf dem Foto war nichts zu sehen.", "Porsche-Pole! Estre sorgt für Gleichstand", PROSE]
)
def test_prose_is_no_caption(text):
    assert read_caption(text) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Foto: Patrick Liepertz", "Patrick Liepertz"),
        ("(Foto: dpa)", "dpa"),
        ("Fotos: Rita Thelen / Eifelbild", "Rita Thelen / Eifelbild"),
        ("© Audi", "Audi"),
        ("Photo by Kevin Pecks", "Kevin Pecks"),
        ("Credit: SRO Motorsports Group", "SRO Motorsports Group"),
        ("Foto und Freude", None),
    ],
)
def test_a_credit_standing_alone_gives_its_name(text, name):
    assert read_credit(text) == name


def test_the_alternative_text_stands_behind_its_mark():
    assert read_alt("Titel-Bild zur News: WRT-Audi in Zandvoort") == "WRT-Audi in Zandvoort"
    assert read_alt("Foto zur News: WRT-Audi") == "WRT-Audi"
    assert read_alt("Bild des Tages: WRT-Audi") is None


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        ("(Motorsport-Total.com) - Beim Rennen", Opening("Beim Rennen", agency="Motorsport-Total.com")),
        ("(dpa) - Beim Rennen", Opening("Beim Rennen", agency="dpa")),
        ("(SID) Beim Rennen", Opening("Beim Rennen", agency="SID")),
        ("BERLIN (dpa) - Beim Rennen", Opening("Beim Rennen", agency="dpa", place="BERLIN")),
        ("Le Mans/Köln (SID) – Beim Rennen", Opening("Beim Rennen", agency="SID", place="Le Mans/Köln")),
        ("NÜRBURG (dpa). Beim Rennen", Opening("Beim Rennen", agency="dpa", place="NÜRBURG")),
        ("Leimen. Beim Rennen", Opening("Beim Rennen", place="Leimen")),
        ("Nürburg – Beim Rennen", Opening("Beim Rennen", place="Nürburg")),
        ("Le Mans. Beim Rennen", Opening("Beim Rennen", place="Le Mans")),
        ("Stuttgart, 12. Juni 2025 – Beim Rennen", Opening("Beim Rennen", place="Stuttgart", date="2025-06-12")),
        ("LE MANS, France (AP) — The race", Opening("The race", agency="AP", place="LE MANS")),
    ],
)
def test_agency_place_and_day_come_off_the_first_paragraph(text, opening):
    assert cut_opening(text, "") == opening


@pytest.mark.parametrize(
    "text",
    [
        "Geschafft. Das Team hat es geschafft.",
        "Doppelsieg. Der Sieger jubelt.",
        "Porsche. Das klingt nach Sieg.",
        "Leider. Mehr ist nicht zu sagen.",
        "Sieg und Titel für Laurens Vanthoor: Der Triumph reichte.",
        "Am 21. September. Das Rennen beginnt.",
        "(Beifall) Das war gut.",
        "Max Rosenberg – Der Neue im Team.",
        "Training. Nichts als Training.",
    ],
)
def test_outcries_and_names_are_no_places(text):
    assert cut_opening(text, text) == Opening(text)


def test_a_place_nobody_lists_is_proved_by_who_lives_there():
    story = "Xanthen. Der Pilot siegte. Damit darf der Xanthener hoffen."

    assert cut_opening(story, story).place == "Xanthen"
    assert cut_opening("Xanthen. Der Pilot siegte.", "Xanthen. Der Pilot siegte.").place is None


def test_who_signs_the_last_sentence_comes_off():
    assert cut_signature("Das war alles. (dpa)") == ("Das war alles.", "dpa")
    assert cut_signature("Das war alles. (mh)") == ("Das war alles.", "mh")
    assert cut_signature("Zweiter wurde Baumann (Rum)") == ("Zweiter wurde Baumann (Rum)", None)


def test_export_heads_and_date_lines_give_the_date():
    assert cut_date_head("date 2021-11 Im Kampf") == ("2021-11", "Im Kampf")
    assert cut_date_head("date 2021-13 Im Kampf") == (None, "date 2021-13 Im Kampf")
    assert cut_date_head("Update 2021-11") == (None, "Update 2021-11")
    assert read_date_line("12. Juli 2025, 18:40 Uhr") == ("2025-07-12", True)
    assert read_date_line("Aktualisiert: 13.07.2025 - 08:00") == ("2025-07-13", False)
    assert read_date_line("Am 12. Juli 2025 fährt Rast.") is None


def test_bylines_give_authors():
    assert read_byline("Von Hanna Vogt und Per Ahlers") == ("Hanna Vogt", "Per Ahlers")
    assert read_byline("Von Hanna Vogt, 12.05.2025") == ("Hanna Vogt",)
    assert read_byline("By Jane van der Doe") == ("Jane van der Doe",)
    assert read_byline("(mh)") == ()
    assert read_byline("Von der Pole zum Sieg") is None
    assert read_byline("Von Spa nach Le Mans") is None


@pytest.mark.parametrize(
    ("text", "quotations", "unbalanced"),
    [
        ('"Wir sind alle sehr zufrieden heute", sagte er.', ("Wir sind alle sehr zufrieden heute",), False),
        ("„Wir sind alle sehr zufrieden“ und „froh“.", ("Wir sind alle sehr zufrieden",), False),
        (
            "»Wir sind alle sehr zufrieden.« «Das ist ein guter Tag.»",
            ("Wir sind alle sehr zufrieden.", "Das ist ein guter Tag."),
            False,
        ),
        ("“We are all very happy today,” he said.", ("We are all very happy today",), False),
        ('„Wir sind alle sehr zufrieden", sagte er.', ("Wir sind alle sehr zufrieden",), False),
        ('Wir sind alle sehr zufrieden", sagte er.', (), True),
        ('"Wir sind alle zufrieden, sagte er. "Jetzt wollen wir noch mehr."', ("Jetzt wollen wir noch mehr.",), True),
        ('Er siegte."Das ist der schönste Tag", rief er.', ("Das ist der schönste Tag",), False),
        ("‘It’s the best day of my life,’ he said.", ("It’s the best day of my life",), False),
        ("Kobayashi’s lap wasn’t enough.", (), False),
    ],
)
def test_speech_is_found_between_matching_marks_only(text, quotations, unbalanced):
    speech = read_speech(text)

    assert (speech.quotations, speech.unbalanced) == (quotations, unbalanced)


@pytest.mark.parametrize(
    "text",
    [
        "Teilen", "Teilen Weiterleiten", "Facebook X Instagram YouTube", "Lesezeit: 3 Minuten", "5 min read", "12 Kommentare",
        "Folgen Sie uns!", "Folge uns auf Twitter", "Jetzt weiterlesen mit RZ-Plus", "Alle Texte zum Thema im Überblick",
        "Lesen Sie auch: Rast wechselt das Team", "Subscribe to our newsletter", "Startseite » Sport » Motorsport",
        "https://www.example.org/artikel", "Anzeige", "Tags: WEC, Bahrain",
    ],
)  # fmt: skip
def test_page_furniture_is_known_by_the_line(text):
    assert furniture.recognise(text) is Label.FURNITURE


@pytest.mark.parametrize("text", ["Kein Teaser vorhanden", "No teaser available", "[Bild]", "undefined"])
def test_placeholders_are_known_by_the_line(text):
    assert furniture.recognise(text) is Label.PLACEHOLDER


@pytest.mark.parametrize(
    "text",
    [
        "Mehr Grip, mehr Siege: Audi rüstet auf",
        "Jetzt aber!",
        "Zum Thema Reifen sagte er nichts.",
        "Rennen 1",
        PROSE,
        "Alles offen",
    ],
)
def test_headlines_and_prose_are_no_furniture(text):
    assert furniture.recognise(text) is None


def test_logo_strips_are_file_names_run_together():
    assert furniture.is_logo_strip("bilsteinLogoBaumannLogistik 01maxicardmbsteichmann 01weiss")
    assert furniture.is_logo_strip("partner_weiss.png sponsor_2.svg")
    assert not furniture.is_logo_strip("McLaren und AlphaTauri testen in Imola")
    assert not furniture.is_logo_strip("Ein neues Logo für die Serie")


def test_a_banner_glued_to_a_paragraph_comes_off():
    banner = "Diese Website nutzt Cookies. Einige sind essenziell."

    assert furniture.cut_cookie_text(f"{PROSE} {banner}") == (PROSE, banner)
    assert furniture.cut_cookie_text(PROSE) == (PROSE, "")


def units(text):
    return [unit.text for unit in group(split_lines(clean(text)), {}, {}, "de")]


def test_wrapped_lines_are_joined_and_short_lists_are_not():
    wrapped = "Das Rennen in der Eifel hielt, was es versprach. Nach sechs Stunden\ntrennten die ersten beiden nur vier Sekunden, und das Publikum stand auf\nden Bänken."

    assert units(wrapped) == [PROSE]
    assert units("Teilen\nTweeten\nDrucken") == ["Teilen", "Tweeten", "Drucken"]
    assert units("Qualifying 1 Sa. 09:35 Uhr\nRennen 1 Sa. 15:00 Uhr") == [
        "Qualifying 1 Sa. 09:35 Uhr",
        "Rennen 1 Sa. 15:00 Uhr",
    ]


def test_a_word_broken_at_its_hyphen_keeps_it_unless_the_text_knows_it_whole():
    broken = "Der Sieg ging in diesem Jahr in der Eifel zum ersten Mal an den WRT-\nAudi. Die Langstreckenmeisterschaft geht weiter, denn die Langstrecken-\nmeisterschaft hat noch drei Läufe."

    (text,) = units(broken)

    assert "den WRT-Audi." in text
    assert "denn die Langstreckenmeisterschaft hat" in text


def test_names_of_series_come_back_from_capitals():
    assert restore_case("ADAC GT MASTERS", "") == "ADAC GT Masters"
    assert restore_case("GT WORLD CHALLENGE EUROPE", "") == "GT World Challenge Europe"
    assert restore_case("DTM", "") == "DTM"
    assert restore_case("PROTOTYPE CUP GERMANY", "") == "Prototype Cup Germany"
    assert restore_case("24H SERIES", "Die 24H Series fährt.") == "24H Series"
    assert restore_case("Prototype Cup Germany", "") == "Prototype Cup Germany"


def boxes(text):
    return parse_text(f"Titel des Berichts\n\n{PROSE}\n\n{text}", Wishes(as_of=dt.date(2025, 6, 1)))


def test_a_second_series_without_venue_runs_at_the_venue_of_the_first():
    first, second = boxes(
        "ADAC GT MASTERS LIVE\n\nNächstes Event\n\nRed Bull Ring\n\n6. - 8. Juni\n\nRennen 1 Sa. 15:00 Uhr\n\n"
        "Prototype Cup Germany LIVE\n\nRennen 1 Sa. 16:00 Uhr\n"
    ).widgets

    assert (second.series, second.venue, second.start, second.end) == (
        "Prototype Cup Germany",
        "Red Bull Ring",
        first.start,
        first.end,
    )
    assert [session.starts_at for session in second.sessions] == ["2025-06-07T16:00"]


def test_a_television_list_is_no_event_even_with_venue_and_days():
    article = boxes(
        "DTM im TV\n\nNorisring\n\nSamstag, 5. Juli\n13:00 Uhr: ProSieben\nSonntag, 6. Juli\n13:00 Uhr: ProSieben\n"
    )

    assert article.widgets == ()
    assert [broadcast.text for broadcast in article.broadcasts] == ["13:00 Uhr: ProSieben", "13:00 Uhr: ProSieben"]
    assert article.body_paragraphs == (PROSE,)


def test_a_paragraph_about_television_stays_a_paragraph():
    article = boxes(f"Das Rennen im TV\n\nSport1 überträgt das Rennen am Samstag ab 14.45 Uhr live.\n\n{PROSE}\n")

    assert article.subheads == ("Das Rennen im TV",)
    assert article.broadcasts == ()


def test_a_channel_beside_true_sessions_is_broadcast_and_session():
    article = boxes(
        "Nächstes Event\n\nRing\n\n6. - 8. Juni\n\nQualifying Sa. 09:35 Uhr\nRennen Sa. 15:00 Uhr (Sport1)\n"
    )

    assert [session.name for session in article.widgets[0].sessions] == ["Qualifying", "Rennen"]
    assert [broadcast.starts_at for broadcast in article.broadcasts] == ["2025-06-07T15:00"]


def test_a_label_without_days_or_sessions_is_only_furniture():
    article = boxes("Nächstes Event\n\nFolgen Sie uns!\n")

    assert article.widgets == ()
    assert article.lines[4].label is Label.FURNITURE
