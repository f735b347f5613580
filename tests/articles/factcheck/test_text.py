"""The words of an article as one text, and the way back into its HTML."""

from articles.body import to_plain_text
from articles.factcheck.text import story_text


def read(body):
    return story_text(title="", standfirst="", body=body)


def test_words_behind_entities_are_found_and_replaced_in_their_place():
    text = read("<p>Rast &amp; <em>Müller</em> &lt;drei&gt;</p><p>Ende</p>")
    at = text.text.index("Müller")
    assert text.text.rstrip() == "Rast & Müller <drei>\n\nEnde"
    assert text.replaced(at, at + 6, "Frijns") == "<p>Rast &amp; <em>Frijns</em> &lt;drei&gt;</p><p>Ende</p>"


def test_a_million_signs_written_as_entities_are_few_pieces_and_no_sign_less():
    text = read("<p>Rast gewann.</p><p>" + "&lt;" * 1_000_000 + " Ende</p>")
    assert text.text.rstrip() == "Rast gewann.\n\n" + "<" * 1_000_000 + " Ende"
    assert len(text.runs) < 201_000
    assert text.replaced(0, 4, "Auer").startswith("<p>Auer gewann.</p>")


def test_what_comes_behind_very_many_signs_is_still_text():
    body = "<p>" + "a &amp; b " * 60_000 + "</p>" + "<p>c &gt; d</p>" * 5
    assert read(body).text.split() == to_plain_text(body).split()
