"""Typographic signs: German and English rules, what is left alone, and that setting a text twice changes nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.body import sanitise, to_plain_text
from articles.typography import typeset, typeset_html

N = "\u00a0"


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ('Er sagte: "Das war knapp."', "Er sagte: „Das war knapp.“"),
        ('"Ja", sagte sie.', "„Ja“, sagte sie."),
        ('("Silberpfeil")', "(„Silberpfeil“)"),
        ('"Er rief \'Halt\' und ging"', "„Er rief ‚Halt‘ und ging“"),
        ("“Ja”, sagte er", "„Ja“, sagte er"),
        ("„Ja”, sagte er", "„Ja“, sagte er"),
        ("„Schon gut“, sagte er", "„Schon gut“, sagte er"),
        ('Felgen mit 18" sind klein', 'Felgen mit 18" sind klein'),
        ('Ein "offenes Zitat', 'Ein "offenes Zitat'),
        ("Wie geht's", "Wie geht’s"),
        ("Platz 12-14", "Platz 12–14"),
        ("vom 23.-25. Mai", f"vom 23.–25.{N}Mai"),
        ("2018-19", "2018–19"),
        ("am 2021-11-06 um", "am 2021-11-06 um"),
        ("24-Stunden-Rennen, GT3-911", "24-Stunden-Rennen, GT3-911"),
        ("Der Sieger - ein Neuling - jubelte", "Der Sieger – ein Neuling – jubelte"),
        ("Der Sieger -- ein Neuling", "Der Sieger – ein Neuling"),
        ("- kein Gedankenstrich", "- kein Gedankenstrich"),
        ("z.B. Toyota, d. h. beide", f"z.{N}B. Toyota, d.{N}h. beide"),
        ("Dr. Ullrich und Nr. 7", f"Dr.{N}Ullrich und Nr.{N}7"),
        ("5,148 km, 320 km/h und 30 Runden", f"5,148{N}km, 320{N}km/h und 30{N}Runden"),
        ("30 Mal, 30 Meilen", "30 Mal, 30 Meilen"),
        ("am 6. November", f"am 6.{N}November"),
        ("Und dann...", "Und dann…"),
        ("siehe https://a.example/x-1?q=\"12-14\"&a=5 km", f"siehe https://a.example/x-1?q=\"12–14\"&a=5{N}km"),
        ("siehe https://a.example/12-14/x--y und 3-4", "siehe https://a.example/12-14/x--y und 3–4"),
        ("an redaktion@a-b.example", "an redaktion@a-b.example"),
    ],
)  # fmt: skip
def test_german_signs(typed, printed):
    assert typeset(typed).text == printed


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ('"Close," he said.', "“Close,” he said."),
        ("„Close“ he said", "“Close” he said"),
        ("\"It's 'fine'\"", "“It’s ‘fine’”"),
        ("Dr. No won by 5 seconds", f"Dr.{N}No won by 5{N}seconds"),
        ("places 12-14 - a surprise", "places 12–14 – a surprise"),
    ],
)
def test_english_signs(typed, printed):
    assert typeset(typed, "en").text == printed


def test_html_is_set_across_tags_and_values_stay():
    html = (
        '<p>"<em>Ja</em>", sagte sie - in <data value="106250" data-ref="lap:a/b/c/d#7">1:46-250</data> Minuten.</p>'
        '<h2>"Titel"</h2><p><a href="/x-1-2">3-4</a><br>"Neu" &amp; gut, z. B. &lt;b&gt;</p>'
    )

    assert typeset_html(html).text == (
        "<p>„<em>Ja</em>“, sagte sie – in "
        '<data value="106250" data-ref="lap:a/b/c/d#7">1:46-250</data>&nbsp;Minuten.</p>'
        '<h2>„Titel“</h2><p><a href="/x-1-2">3–4</a><br>„Neu“ &amp; gut, z.&nbsp;B. &lt;b&gt;</p>'
    )


def test_code_is_left_alone():
    assert typeset_html('<p><code>"a" - 1-2</code> "b"</p>').text == '<p><code>"a" - 1-2</code> „b“</p>'


def test_a_quotation_does_not_reach_into_the_next_paragraph():
    html = '<p>Ein "offenes</p><p>und ein" zweites</p>'

    assert typeset_html(html).text == html


def test_changes_are_told_with_their_words():
    changes = typeset('Er sagte: "Ja".').changes

    assert [(change.before, change.after) for change in changes] == [('Er sagte: "Ja".', "Er sagte: „Ja“.")]
    assert typeset("Er sagte: „Ja“.").changes == ()


SIGNS = st.text(alphabet=st.sampled_from(list("\"'„“”‚‘’-–. \u00a0a1zBDr5kmUhr…:/()<&>\ue000\ue002")), max_size=60)
WORDS = st.lists(
    st.sampled_from(['"', "'", "“", "”", "„", "z.B.", "z. B.", " ", "-", " - ", "12", "Dr. ", "5 km", "…", "...", "Ja", ",", "https://a.example/1-2", "\n"]),
    max_size=16,
).map("".join)  # fmt: skip


@pytest.mark.parametrize("language", ["de", "en"])
@given(text=SIGNS | WORDS)
def test_setting_a_text_twice_changes_nothing(text, language):
    once = typeset(text, language).text

    assert typeset(once, language).text == once


@pytest.mark.parametrize("language", ["de", "en"])
@given(text=st.lists(st.sampled_from(['"', "'", " ", "-", "5 km", "<em>", "</em>", "<p>", "</p>", "<br>", '<data data-ref="lap:x" value="1">', "</data>", "a", "&lt;", "&nbsp;", "12-14", "<a href='/1-2'>", "</a>"]), max_size=16).map("".join))  # fmt: skip
def test_setting_html_twice_changes_nothing_and_leaves_clean_html(text, language):
    once = typeset_html(sanitise(text), language).text

    assert sanitise(once) == once
    assert typeset_html(once, language).text == once


@given(SIGNS)
def test_only_signs_change_and_no_word(text):
    def letters(words):
        return [sign for sign in words if sign.isalnum()]

    html = sanitise(f"<p>{text}</p>")
    assert letters(to_plain_text(typeset_html(html).text)) == letters(to_plain_text(html))
