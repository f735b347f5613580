"""Pictures as a scraped text leaves them behind: captions, credits, alternative texts, often printed twice."""

import re

from articles.importers.lines import ends_sentence
from articles.importers.records import Caption
from articles.importers.words import words

LONGEST_CAPTION = 280
_LONGEST_NAME, _SURE_NAME_WORDS = 60, 3
_WORD = (
    r"(?:fotos?|foto\(s\)|(?:archiv|symbol|agentur|handy|presse)-?(?:fotos?|bild(?:er)?)|foto ?[/&] ?text|bild(?:er)?|photos?|photograph(?:s|y|er)?|images?|pictures?|pics?|credits?|quelle|source|bildquellen?|fotoquelle|bildnachweise?|fotonachweis|"
    r"fotograf(?:in)?|bildrechte|fotocredit|bildcredit|picture credit|photo credit|photo by|image credit|image courtesy(?: of)?)"
)
_ALT = re.compile(
    r"(?:titel-?|aufmacher-?|artikel-?)?(?:bild|foto) (?:zur news|zum artikel|zum inhalt|zum thema|zur meldung|zur nachricht)\s?:\s*",
    re.IGNORECASE,
)
_ZOOM = re.compile(r"\s*[\[(]?(?:Zoom|Vergrößern|Bild vergrößern|Großansicht|Enlarge)[\])]?(?:\s+Download)?$")
_STANDALONE = re.compile(
    rf"[(\[]?(?:(?:©\s*)?(?:{_WORD})\s?:\s*(?:©\s*)?|(?:photo|picture|image|foto|bild) (?:by|von) |(?:fotos?|bild|photo)\s?©\s*|©\s*|\(c\)\s*)(?P<name>[^()\[\]]+(?:\s\((?:\d\d?|archiv|privat)\))?)[)\]]?",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    rf"(?P<open>[\s(\[,;./|–-]*)(?:(?:©\s*)?\b(?:{_WORD})\s?:\s*(?:©\s*)?|\b(?:photo by|foto von) |©\s*|\(c\)\s)(?P<name>[^():\[\]©]{{1,{_LONGEST_NAME}}})[)\]]?\.?$",
    re.IGNORECASE,
)
# `(AP Photo/Lewis Grant)`, `(imago images)`: the bracket names pictures, without a colon
_BRACKETED = re.compile(
    rf"\s*[(\[](?P<name>(?=[^()\[\]]*\b(?:photos?|fotos?|images?|pictures?|getty|imago|picture[ -]alliance|archiv(?:foto|bild)?|courtesy|handout)\b)[^()\[\]]{{2,{_LONGEST_NAME}}})[)\]]\.?$",
    re.IGNORECASE,
)
_BARE_WORD = re.compile(
    r"(?:(?:fotos?|bild(?:er)?|photos?|pictures?)(?: by| von)?|(?:(?:photo|image) )?courtesy(?: of)?)\s+(?=[A-ZÄÖÜ])",
    re.IGNORECASE,
)
_CAPTION_MARK = re.compile(r"(?:bildunterschrift|bildtext|bu|caption)\s?:\s*", re.IGNORECASE)
_TEXT_AND_PICTURE = re.compile(r"text (?:und|&|/) (?:fotos?|bild(?:er)?)\s?:\s*(?P<name>.+)", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:www\.)?[\w.-]+\.[a-z]{2,8}", re.IGNORECASE)
_SMALL_WORDS = words("credit_words")


def read_alt(text: str) -> str | None:
    """The alternative text behind `Titel-Bild zur News:`, None for any other line."""
    match = _ALT.match(text)
    return text[match.end() :] if match and len(text) <= LONGEST_CAPTION else None


def read_credit(text: str) -> str | None:
    """The name of a credit standing alone: `Foto: Patrick Liepertz`, `(Bild: dpa)`, `© Audi`."""
    match = _STANDALONE.fullmatch(text) if len(text) <= LONGEST_CAPTION else None
    if match is None:
        return None
    name = _ZOOM.sub("", match["name"]).strip(" .,;")
    return name if is_name(name) else None


def read_copyright(text: str) -> str | None:
    """The name in `© SID`, where no word says that a picture is meant."""
    return text.lstrip("©(c) ").strip() if text.startswith(("©", "(c)")) and ":" not in text else None


def read_caption(text: str) -> Caption | None:
    """A caption that shows itself as one: by a credit at its end, by `Zoom`, or by a mark before it."""
    text = _once(text)
    if len(text) > LONGEST_CAPTION:
        return None
    bare = _ZOOM.sub("", text)
    marked = _CAPTION_MARK.match(bare)
    words, credit = cut_credit(bare[marked.end() :] if marked else bare)
    if credit is None and bare == text and not marked:
        return _labelled_caption(text)
    return Caption(words or None, credit) if words or credit else None


def _labelled_caption(text: str) -> Caption | None:
    """`Foto: Klaus Bachler jubelt in Barcelona`: the label stands before a sentence, not before a name."""
    match = _STANDALONE.fullmatch(text)
    if match is None or is_name(match["name"]) or text.startswith(("©", "(c)")):
        return None
    return Caption(match["name"].strip(), None)


def cut_credit(text: str) -> tuple[str, str | None]:
    """Text and credit at its end: (`Baku war Schauplatz`, `Blancpain`) of `Baku war Schauplatz, Foto: Blancpain`."""
    match = _TRAILING.search(text[-_LONGEST_NAME * 2 :])
    name = match["name"].strip(" .,;") if match else ""
    if match is None or not is_name(name):
        return _cut_bracket(text)
    words = text[: len(text) - len(text[-_LONGEST_NAME * 2 :]) + match.start()].rstrip(" ,;/|–-([")
    if match["open"].strip(" ([").startswith("."):
        words += "."
    return words, name


def _cut_bracket(text: str) -> tuple[str, str | None]:
    """The same of `Calloway celebrates (AP Photo/Lewis Grant)`; `(Foto Müller)` names Müller."""
    match = _BRACKETED.search(text[-_LONGEST_NAME * 2 :])
    name = _BARE_WORD.sub("", match["name"], count=1).strip(" .,;") if match else ""
    if match is None or not is_name(name):
        return text, None
    return text[: len(text) - len(match[0])].rstrip(" ,;/|–-"), name


def is_name(text: str) -> bool:
    """Whether this names a photographer, an agency or a company rather than telling something."""
    words = text.split()
    if not words or len(text) > _LONGEST_NAME or text.endswith(("!", "?", ":")):
        return False
    if len(words) <= _SURE_NAME_WORDS:
        return True
    return all(
        not word[:1].islower() or word.casefold().strip(",./-") in _SMALL_WORDS or _ADDRESS.fullmatch(word)
        for word in words
    )


def is_alone_below(text: str) -> bool:
    """Whether the line above a standing credit is its caption: short, and not a paragraph's last line."""
    return len(text) <= LONGEST_CAPTION // 2 and not ends_sentence(text)


def read_text_and_picture(text: str) -> str | None:
    """The name in `Text und Foto: Hans Meier`, author and photographer in one."""
    match = _TEXT_AND_PICTURE.fullmatch(text)
    return match["name"].strip() if match and is_name(match["name"]) else None


def _once(text: str) -> str:
    """A caption printed twice on one line, once."""
    half = len(text) // 2
    for middle in (half, half + 1):
        if text[:half].strip() and text[:half].strip() == text[middle:].strip():
            return text[:half].strip()
    return text


def same(a: Caption, b: Caption) -> bool:
    """Whether two captions are one picture's, printed twice; one of them may lack the credit."""
    if a.text and b.text:
        alike = a.text.casefold().rstrip(".") == b.text.casefold().rstrip(".")
        return alike and (a.credit == b.credit or None in {a.credit, b.credit})
    return a.text == b.text and a.credit == b.credit and a.alt == b.alt


def fuller(a: Caption, b: Caption) -> Caption:
    """What both know of one picture, the first going before."""
    return Caption(a.text or b.text, a.credit or b.credit, a.alt or b.alt)
