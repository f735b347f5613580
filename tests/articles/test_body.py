"""The HTML of a story: what stays, what goes, and that nothing takes long."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import fromstring

from articles.body import TAGS, render_feed, render_page, sanitise, to_plain_text

ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='\x01javascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<p onclick=alert(1) style='background:url(javascript:alert(1))'>x</p>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object><embed src=javascript:alert(1)>",
    "<style>@import 'javascript:alert(1)';</style>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><img src=x onerror=alert(1)></template>",
    "<base href='javascript:alert(1)//'><a href='x'>y</a>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'><link rel=stylesheet href=//evil.example>",
    "<input autofocus onfocus=alert(1)><details open ontoggle=alert(1)>",
    "<<script>script>alert(1)<</script>/script>",
    "<data value='\"><script>alert(1)</script>' data-ref='x' onclick=alert(1)>1:46,540</data>",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_leaves_nothing_that_runs(attack):
    clean = sanitise(f"<p>vorher</p>{attack}<p>nachher</p>")
    elements = list(fromstring(f"<div>{clean}</div>").iterdescendants())

    assert {element.tag for element in elements} <= TAGS
    assert {name for element in elements for name in element.attrib} <= {
        "href",
        "rel",
        "value",
        "data-ref",
        "data-extract",
        "data-image",
        "data-quote",
    }
    assert [link for link in fromstring(f"<div>{clean}</div>").xpath("//@href") if ":" in link] == []
    assert clean.startswith("<p>vorher</p>")


@pytest.mark.parametrize("attack", ATTACKS)
def test_sanitising_twice_changes_nothing(attack):
    once = sanitise(attack)

    assert sanitise(once) == once


@given(st.text(alphabet=st.sampled_from(list("<>/=\"'& abpihsvgul!-\n#;:2")), max_size=120))
def test_sanitising_any_text_twice_changes_nothing(text):
    once = sanitise(text)

    assert sanitise(once) == once


def test_the_semantic_subset_stays_as_it_is():
    html = (
        "<h2>Zwischenzeile</h2><p>Ein <strong>starker</strong>, <em>schneller</em> Satz<br>mit Umbruch.</p>"
        "<h3>Klein</h3><ul><li>eins</li></ul><ol><li>zwei</li></ol><blockquote><p>Zitat</p></blockquote>"
        '<p><data value="106540" data-ref="lap:1:7">1:46,540</data></p>'
    )

    assert sanitise(html) == html


def test_links_keep_their_address_and_get_a_rel():
    html = '<p><a href="https://a.example/?x=1" target="_blank">a</a> <a href="/artikel/b/">b</a> <a href="mailto:c@d.example">c</a></p>'

    assert sanitise(html) == (
        '<p><a href="https://a.example/?x=1" rel="noopener noreferrer">a</a>'
        ' <a href="/artikel/b/" rel="noopener noreferrer">b</a>'
        ' <a href="mailto:c@d.example" rel="noopener noreferrer">c</a></p>'
    )


def test_a_link_keeps_its_title_and_nothing_else_has_one():
    assert sanitise(
        '<p lang="en" title="x"><a href="/a" title="Ergebnis" class="y">a</a> <a href="/b" title=" ">b</a></p>'
    ) == (
        '<p><a href="/a" title="Ergebnis" rel="noopener noreferrer">a</a> <a href="/b" rel="noopener noreferrer">b</a></p>'
    )


@pytest.mark.parametrize("address", ["//evil.example/x", "\\\\evil.example", "/\\evil.example", " //evil.example"])
def test_a_link_that_leaves_the_site_while_looking_relative_loses_its_address(address):
    assert "evil" not in sanitise(f'<p><a href="{address}">x</a></p>')


def test_old_emphasis_is_written_anew_and_foreign_tags_lose_their_tags_only():
    assert sanitise("<div><b>Fett</b> <i>kursiv</i> <span class=x>bleibt</span></div><h1>Titel</h1><p>x</p>") == (
        "<strong>Fett</strong> <em>kursiv</em> bleibtTitel<p>x</p>"
    )


def test_plain_text_without_any_block_becomes_paragraphs():
    assert sanitise("Erster Absatz.\r\n\r\nZweiter & letzter.") == "<p>Erster Absatz.</p><p>Zweiter &amp; letzter.</p>"


def test_a_text_with_many_unclosed_paragraphs_keeps_them():
    assert sanitise("<p>Absatz" * 60).count("<p>") == 60


@pytest.mark.parametrize(
    "empty", ["", "  ", "<p></p>", "<p>&nbsp;</p><p><br></p>", "<!-- nichts -->", "<script>x</script>"]
)
def test_a_text_without_words_is_empty(empty):
    assert sanitise(empty) == ""


def test_plain_text_parts_blocks_and_resolves_entities():
    html = "<h2>Kopf</h2><p>Zeit  1:46,540<br>&amp; <em>mehr</em></p><ul><li>eins</li><li><p>zwei</p></li></ul>"

    assert to_plain_text(html) == "Kopf\n\nZeit 1:46,540\n& mehr\n\neins\n\nzwei"


def test_a_page_prints_clean_html_whatever_the_database_held():
    assert render_page("<p>gut<script>alert(1)</script></p>").__html__() == "<p>gut</p>"


def test_a_feed_gets_absolute_links_and_plain_values():
    html = '<p><a href="/artikel/b/">b</a> <data value="1" data-ref="x">eins</data></p>'

    assert render_feed(html, base_url="https://racedesk.example") == (
        '<p><a href="https://racedesk.example/artikel/b/">b</a> eins</p>'
    )


@pytest.mark.parametrize(
    "unit",
    ["<p>", "<b>", "<b></x>", "<blockquote>", "<a href='x'>", "<", "a.", "&;", "&", "1:", " ", "\n", "<!--", "<p x='",
     "<svg><style>", "<table><a>", "<ul><li>", "</p>", "<br>", "<p></p>", "<i></i>", "<![CDATA[", "<b><p>"],
)  # fmt: skip
def test_a_megabyte_of_anything_ends_quickly(unit):
    bomb = unit * (1_000_000 // len(unit))
    started = time.perf_counter()

    to_plain_text(bomb)

    assert time.perf_counter() - started < 4


def test_blanks_between_blocks_are_no_part_of_the_text():
    spaced = "<p>Eins.</p>\n<ul>\n <li>A</li>\n</ul>\n\n<blockquote>\n<p>B <em>C</em> D</p>\n</blockquote>"

    assert sanitise(spaced) == "<p>Eins.</p><ul><li>A</li></ul><blockquote><p>B <em>C</em> D</p></blockquote>"
