"""Page furniture: share bars, cookie banners, sponsor logos, placeholders, links to other stories. Nothing of it is text.

Patterns match whole lines; a line longer than `LONGEST` is never furniture of this kind, so no pattern sees more.
"""

import re

from articles.importers.lines import ends_with_stop
from articles.importers.records import Label
from articles.importers.words import words

LONGEST = 200
STORY = 100  # so many characters beside a cookie banner are a story; less belongs to the banner

_BAR_WORDS = words("share_bar")
_BUTTONS = re.compile(
    r"(?:(?:alle(?:s)?|nur|notwendige|erforderliche|essenzielle|technisch|auswahl|cookies?|accept|reject|decline|allow|all|only|"
    r"necessary|essential|manage|save|ok|okay|speichern|akzeptieren|akzeptiere|ablehnen|zulassen|erlauben|zustimmen|"
    r"bestätigen|einstellungen|verstanden|settings|preferences|options|cookie-einstellungen|datenschutzerklärung|"
    r"datenschutzeinstellungen|datenschutz|individuelle[nr]?|einwilligung|konfigurieren|funktionale?|statistik(?:en)?|marketing|komfort|"
    r"optionen|partner|anbieter|schließen|fortfahren|ohne|mit|werbung|tracking|abo|präferenzen|externe|medien|dienste|bestätige|optional|"
    r"weitere|informationen|infos?|information|erforderlich|herzlich|willkommen|agree|disagree|werbefrei|oder|im|continue|without|close|statistics|functional|marketing|deny|confirm|choices|selection|my|zwecke|einzeln|impressum|mehr|erfahren|learn|more|got|it|i|agree|einverstanden|ich|bin|"
    r"stimme|zu|anpassen|verwalten|weiter|und|and|&|\||/|privacy|policy|cookie-richtlinie|details|anzeigen)[.!]?\s*)+",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(
    r"(?:keine?n? (?:teaser|titel|text|bild|bilder|bildunterschrift|beschreibung|inhalt|vorspann|autor|untertitel)\w* "
    r"(?:vorhanden|verfügbar|angegeben|gefunden|hinterlegt)|"
    r"no (?:teaser|title|summary|excerpt|description|caption|subtitle)(?: text)? ?(?:available|found|given|provided)?|"
    r"\[(?:bild|foto|video|image|embed|werbung|anzeige|galerie|tweet)\]|lorem ipsum\b.*|undefined|null|none|n/?a|nan|"
    r"tb[acd]|platzhalter|placeholder)[.!]?",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"""(?:
    (?:lese(?:zeit|dauer)|reading\ time|ca\.\ lesezeit)\b.{0,30}
    | [_\-–—*=~\#•.+|\s]{2,} | \+{2,}.{0,40}\b(?:aktualisieren|neu\ laden|refresh|ticker)\b.{0,20}
    | (?:exklusiv|nur|artikel|inhalt)\ (?:nur\ )?für\ (?:abonnenten|mitglieder|plus-\w+)\b.{0,20} | (?:\w{1,12}\+|plus|premium)(?:-?\ ?artikel)?
    | live-?ticker | (?:foto-?galerie|bilder(?:strecke|galerie)|foto-?show)(?::.{1,120})?
    | (?:von\ )?(?:der\ )?(?:redaktion|red\.)(?:\s?:\s?\w{2,4})?
    | (?:zugriffe|aufrufe|hits|views|gelesen|seitenaufrufe)\s?:\s?[\d.,]+(?:\ ?(?:mal|x))?
    | (?:main|primary)\ (?:menu|navigation) | (?:haupt)?(?:menü|navigation)
    | (?:zur\ sofortigen\ veröffentlichung|for\ immediate\ release)
    | (?:foto|bild|photo|image)\ \d{1,3}\ ?(?:von|of|/)\ ?\d{1,3} | alle\ (?:bilder|fotos)\b.{0,20}
    | (?:bild\ )?vergrößern | schriftgröße\b.{0,20} | (?:a\ ?){2,3}[+-]?
    | (?:die\ )?kommentare?\ (?:sind|ist|wurden)\ (?:geschlossen|deaktiviert) | comments\ are\ closed | (?:noch\ )?keine\ kommentare\b.{0,20}
    | (?:du|sie)\ (?:musst|müssen)\ (?:angemeldet|eingeloggt|registriert)\ sein\b.{0,80} | you\ must\ be\ logged\ in\b.{0,80}
    | (?:recommended|empfohlen\w*)(?:\ (?:for\ you|articles?|\w+\ )?(?:inhalte?|artikel|content|beiträge))?
    | (?:empfohlener\ )?externer\ inhalt | (?:instagram|twitter|facebook|youtube|tiktok|x)-?(?:beitrag|post|video|inhalt)
    | (?:dieser|an\ dieser\ stelle)\b.{0,40}\b(?:inhalt|tweet|post|beitrag)\b.{0,80} | (?:video|inhalt|beitrag|tweet)\ (?:laden|anzeigen|abspielen|aktivieren)
    | (?:unsere\ )?empfehlung(?:en)?(?:\ der\ redaktion)?
    | (?:wir\ (?:brauchen|benötigen)\ )?ihre\ (?:zustimmung|einwilligung)(?:\ (?:ist|wird)\ (?:erforderlich|benötigt))?
    | navigation\ (?:überspringen|öffnen|schließen|umschalten) | (?:direkt|springe)\ zu[mr]?\ .{2,30} | skip\ navigation | toggle\ navigation
    | (?:alle\ )?angaben\ ohne\ gewähr | ohne\ gewähr
    | details | (?:wenn\ (?:diese|sie\ diese)|sollte\ diese|falls\ (?:diese|sie\ diese))\ (?:e-?mail|nachricht|mail|newsletter)\b.{0,120}
    | mit\ (?:sportlichen|freundlichen|besten|herzlichen)\ grüßen | (?:viele|beste|sportliche|herzliche)\ grüße | (?:best|kind)\ regards
    | (?:ihr|ihre|euer|eure)\ (?:vorstand|redaktion|team|sportleitung|presseabteilung)
    | newsletter\ (?:nr\.?|no\.?|ausgabe|\d).{0,40}
    | aktuelle\ seite\s?:.{0,120}
    | sperrfrist\b.{0,60} | embargo(?:ed)?\b.{0,60}
    | (?:tel(?:efon|\.)?|fon|phone|mobil|fax|e-?mail|mail|web(?:site)?|internet|homepage|twitter|facebook|instagram)\s?:\s?\S.{0,60}
    | [\w.+-]{1,40}@[\w.-]{3,40} | \(?(?:\+\d|0)[\d\ ()/-]{7,24}
    | (?:der\ )?(?:artikel|text|beitrag)\ (?:wird|geht)\ (?:nach|unter)\ (?:der|dieser)\ (?:anzeige|werbung)\ (?:fortgesetzt|weiter)
    | weiter\ (?:nach|unter)\ (?:der|dieser)\ (?:anzeige|werbung)
    | (?:article|story)\ continues\ (?:below|after)\b.{0,30}
    | (?:ca\.\ )?\d{1,3}\s?min\w*\.?\ (?:lesezeit|lesedauer|read|reading\ time)
    | (?:\d{1,6}|keine|no)\ (?:kommentare?|comments?|shares?|likes?|aufrufe|views?|bilder|fotos|photos|reaktionen)
    | (?:kommentare?|comments?)(?:\ ?\(\d+\)|\ (?:schreiben|anzeigen|lesen|verfassen|laden))
    | (?:anzeige|werbung|advertisement|advertorial|sponsored(?:\ (?:content|post|by\b.{0,40}))?|gesponsert)
    | (?:bildergalerie|fotostrecke|foto-show|galerie|videos?|gallery|photo\ gallery)(?::.{1,120}|\ ?\(?\d+\ \w+\)?)?
    | (?:nach\ oben|zurück\ zur\ .{2,30}|back\ to\ top|skip\ to\ .{2,30}|zum\ (?:haupt)?inhalt(?:\ springen)?)
    | (?:alle\ rechte\ vorbehalten|all\ rights\ reserved)
    | (?:©|\(c\)|copyright)\ ?(?:19|20)\d\d\b.{0,80}
    | (?:©|\(c\)|copyright).{0,80}(?:alle\ rechte\ vorbehalten|all\ rights\ reserved|\d{4})
    | (?:©\ ?|\(c\)\ ?)?dpa(?:-infocom\b|:\d).* | https?://\S+ | (?:www\.)?[\w-]{2,40}\.(?:com|de|net|org|at|ch|tv|eu|info)
    | (?:meist\s?gelesen\w*|most\ read|trending(?:\ now)?|top-?(?:news|themen|stories)|neueste\ .{3,30}|latest\ news)
    | (?:aktuelle\ (?:news|nachrichten|meldungen|bildergalerien|themen|top-videos|artikel|beiträge))\b.{0,60}
    | (?:sie\ sind\ hier|du\ bist\ hier|you\ are\ here)\b.{0,120}
    | (?:artikel|beitrag|text|story|article)\ (?:teilen|drucken|merken|vorlesen|anhören|kommentieren|empfehlen|
        weiterempfehlen|versenden|bewerten|speichern|als\ pdf|share|print)\b.{0,40}
    )[.!:…»›>]*""",
    re.IGNORECASE | re.VERBOSE,
)
# Calls to the reader may be whole sentences.
_CALL = re.compile(
    r"""(?:
    folge(?:n\ sie|t)?\ uns\b | follow\ us\b | (?:jetzt\ )?fan\ werden | besuchen\ sie\ uns\b | (?:like|join)\ us\b
    | (?:jetzt\ )?(?:weiterlesen|abonnieren|downloaden)\b
    | jetzt\ (?:tickets|karten|plätze|abo|push-?\w*)\b | jetzt\ lesen\s?: | tickets?\ (?:kaufen|sichern|bestellen|gibt\ es)\b | jetzt\ (?:testen|anmelden|registrieren|bestellen|mitmachen|spielen|teilen|kommentieren|mitdiskutieren|buchen|sichern)\b
    | (?:unser(?:en)?\ |den\ |kostenloser\ |zum\ )?newsletter\b | subscribe\b | sign\ up\b | register\ now\b
    | get\ (?:the\ |our\ )?(?:latest|newsletter)\b
    | (?:lesen\ sie\ (?:auch|hier|mehr|dazu)|lies\ (?:auch|mehr)|auch\ interessant|das\ könnte\ (?:sie|dich|euch))\b
    | (?:read\ (?:more|also|next|the\ full)|you\ (?:may|might)\ also\ like|also\ read)\b
    | hier\ (?:klicken|geht['’]?s|geht\ es\ zu[mr]?|anmelden|abonnieren)\b | click\ here\b | (?:share|print)\ this\b
    | (?:diesen?\ )?(?:artikel|beitrag|text)\ (?:teilen|drucken|merken|bewerten|vorlesen|anhören)\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
# Links are headings: a line of this kind that closes with a full stop is prose.
_LINK = re.compile(
    r"""(?:
    alle\ (?:texte|artikel|beiträge|news|nachrichten|meldungen|infos?|informationen|ergebnisse|bilder)
        \ (?:zum|zur|zu|rund|über|aus|von|im)\b
    | mehr\ lesen\s?: | (?:mehr|weitere)\ (?:zum\ thema|zu\ diesem\ thema|artikel|news|beiträge|themen|infos?|bilder|videos|meldungen
        |nachrichten)\b | mehr\ (?:aus|von|über)\b
    | (?:passend\ dazu|siehe\ auch|mehr\ dazu|ebenfalls\ interessant|zum\ thema|das\ interessiert\ (?:sie|dich))\b
    | ähnliche\ (?:artikel|themen|beiträge|news)\b | (?:related\ (?:articles?|stor(?:y|ies)|news|content|topics)|see\ also)\b
    | more\ (?:from|on|news|stories|about)\b
    | (?:tags?|schlag(?:worte|wörter)|stichworte?|themen|topics|keywords|kategorien?|category|rubrik|ressort|mehr\ über
        |filed\ under|pressekontakt|press\ contact|rückfragen(?:\ an)?|kontakt)\s?:
    | (?:zum|zur)\ (?:bildergalerie|fotostrecke|galerie|video|live-?ticker|forum|startseite|themenseite|online-version)\b
    | (?:vorheriger|nächster|voriger)\ (?:artikel|beitrag)\b | (?:previous|next)\ (?:article|post|story)\b
    | original(?:-|\ )?(?:content|inhalt)\ von\b | watch\ (?:the\ )?(?:highlights|replay|video)\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_POSTAL = re.compile(r"(?:.{0,80}[|,·•]\s?)?(?:[AD]-)?\d{4,5} [A-ZÄÖÜ][\w. -]{2,40}")
_SOURCE = re.compile(r"(?:quelle|source)\s?:\s?\S.{0,80}", re.IGNORECASE)
# Heads what tells of somebody beside the story: its author, or whom to ask.
_CONTACT = re.compile(
    r"(?:(?:presse|medien)?-?(?:kontakt|ansprechpartner(?:in)?)(?: (?:für|bei) .{3,30})?|(?:ihr )?(?:kontakt|ansprechpartner(?:in)?)|"
    r"(?:für )?rückfragen(?: an)?|(?:press|media) contacts?|contact|(?:notes|note) (?:to|for) editors?|hinweise? (?:an|für) (?:die )?redaktion(?:en)?)\s?:?",
    re.IGNORECASE,
)
_AUTHOR_BOX = re.compile(
    r"(?:über (?:den|die|unsere[nr]?) (?:autor(?:in(?:nen)?|en)?|verfasser(?:in)?)|(?:zum|zur) autor(?:in)?|(?:der|die|unser|unsere) autor(?:in)?|"
    r"about the authors?|about the writer|the author)\s?:?",
    re.IGNORECASE,
)
_SECTION = re.compile(
    r"(?:mehr zum thema|zum thema|das könnte|auch interessant|meist\s?gelesen|ähnliche |related |you m(?:ay|ight)|most read|"
    r"trending|top-?(?:news|themen)|aktuelle |neueste |latest news|more (?:news|stories|on|from)|weitere |"
    r"mehr (?:news|artikel|aus|von)|lesen sie auch:?$|read also:?$|also read:?$|see also:?$|siehe auch:?$)",
    re.IGNORECASE,
)
_BREADCRUMB = re.compile(
    r"[^.!?>»›]{2,40}(?:\s?[>»›]\s?[^.!?>»›]{2,60}){1,6}|(?:home|start(?:seite)?|news|sports?)(?:\s[/|·•]\s[\w &-]{2,40}){1,5}",
    re.IGNORECASE,
)
# What a newsletter promises; it may be a whole sentence, or two.
_NEWSLETTER = re.compile(
    r"\b(?:in (?:ihrem?|deinem?|ihren|deinen) (?:e-?mail-?)?(?:postfach|posteingang)|(?:in|to) your (?:e-?mail )?inbox|"
    r"newsletter (?:abonnieren|anmelden|bestellen)|(?:sie|du) (?:erhalten|bekommen|erhältst|bekommst) diese[nr]? (?:e-?mail|newsletter|nachricht)|"
    r"keine (?:weiteren )?(?:e-?mails|newsletter|mails) (?:mehr )?(?:erhalten|bekommen|von uns)|hier (?:abmelden|austragen|abbestellen)|"
    r"you(?:'re| are) receiving this|no longer wish to receive|abmeldung (?:ist )?jederzeit|jederzeit (?:abbestell\w*|abmeld\w*)|unsubscribe|"
    r"(?:kostenlos(?:en)?|gratis) (?:anmelden|abonnieren|bestellen|registrieren)|e-?mail-?adresse (?:eingeben|eintragen|ein)|"
    r"your e-?mail address|ihre e-?mail-?adresse)\b",
    re.IGNORECASE,
)

_CONSENT_WORDS = (
    "cookie-einstellung", "datenschutzerklärung", "datenschutzhinweis", "einwilligung", "einwilligen", "zustimmung",
    "tracking", "drittanbieter", "personenbezogene", "essenziell", "essentiell", "funktionalität", "ablehnen",
    "ablehnung", "akzeptieren", "zulassen", "widerrufen", "nutzererfahrung", "nutzungserlebnis", "website", "webseite",
    "diese seite", "unserer seite", "unsere seite", "notwendigen", "zustimmen", "einverstanden", "analysieren", "browser",
    "consent", "privacy policy", "we use", "this site", "our site", "your experience", "your preferences", "accept",
    "your device", "such as cookies", "wie cookies", "technologien", "analysedienste", "geräteinformationen", "personalis", "personaliz", "werbepartner", "unsere partner", "our partners", "endgerät", "verwenden", "nutzen", "setzen",
)  # fmt: skip
_CONSENT_ONLY = (
    "datenschutzerklärung", "datenschutzhinweis", "zum datenschutz", "einwilligung", "zustimmung widerrufen", "drittanbieter", "tracking",
    "personenbezogene daten", "privacy policy", "consent", "essenziell", "nutzererfahrung", "ihre daten", "your data",
    "endgerät", "die notwendigen", "funktionalitäten der seite", "dsgvo", "gdpr", "privatsphäre", "your privacy",
)  # fmt: skip
_ADDRESS = re.compile(r"\b(?:Sie|Ihre?\w?|Ihnen|wir|unsere?\w?|you|your|we|our)\b")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"“”»«]?\s+")

# A lower-case letter meeting a capital inside a word is a glued file name, but for these beginnings of names.
_GLUED = re.compile(r"(?<![A-Za-z])(?!(?:Mc|Mac|De|Di|Le|La|Van|von|Du|O)[A-Z])\w*[a-zäöüß][A-ZÄÖÜ]\w+")
_NUMBERED_NAME = re.compile(r"\d{2}[a-zäöüß]{4,}\w*|\w+_\w+|[\w-]+\.(?:png|jpe?g|gif|svg|webp|avif)", re.IGNORECASE)
_FRAME = " -–—*•()[]"
_ARROW = re.compile(r"[←→↑↓]\s?\S.{0,80}|(?:[»›>▸►]{1,2}|«)\s\S.{0,80}|\S.{0,80}\s(?:[←→↑↓»›>]{1,2})")
_MANY, _LOGO_TOKENS = 0.5, 14
_QUOTES = '"„“”»«'


def recognise(text: str) -> Label | None:
    """What a single line is, if it is furniture for certain; cookie banners and logos are judged by paragraphs."""
    if not text or len(text) > LONGEST:
        return None
    if _PLACEHOLDER.fullmatch(text):
        return Label.PLACEHOLDER
    if _ARROW.fullmatch(text) and not ends_with_stop(text):
        return Label.FURNITURE
    if (
        _is_bar(text)
        or _is_menu(text)
        or _WHOLE.fullmatch(text.strip(_FRAME) or text)
        or _BREADCRUMB.fullmatch(text)
        or _is_link_line(text)
    ):
        return Label.FURNITURE
    if _NEWSLETTER.search(text) and not any(mark in text for mark in _QUOTES):
        return Label.FURNITURE
    return None


def _is_bar(text: str) -> bool:
    return all(word.casefold().strip(".,:!()") in _BAR_WORDS or word.strip("()").isdigit() for word in text.split())


def _is_menu(text: str) -> bool:
    """`Weitere Informationen | Impressum`: buttons in a row."""
    parts = text.split(" | ")
    return len(parts) > 1 and all(_is_bar(part) or _BUTTONS.fullmatch(part) for part in parts)


def _is_link_line(text: str) -> bool:
    return bool(_CALL.match(text)) or (bool(_LINK.match(text)) and not ends_with_stop(text))


def names_source(text: str) -> bool:
    """`Quelle: dpa` below the story says where the text is from; within it, it belongs to a picture. An address as well."""
    return len(text) <= LONGEST and bool(_SOURCE.fullmatch(text) or _POSTAL.fullmatch(text))


def heads_author_box(text: str) -> bool:
    """`Über den Autor`: what follows tells of a person, not of the story."""
    return len(text) <= LONGEST // 2 and bool(_AUTHOR_BOX.fullmatch(text))


def heads_contact(text: str) -> bool:
    """`Pressekontakt`: names and numbers follow."""
    return len(text) <= LONGEST // 2 and bool(_CONTACT.fullmatch(text))


def opens_link_list(text: str) -> bool:
    """Whether links to other stories follow: `Mehr zum Thema`, `Meistgelesen`."""
    return len(text) <= LONGEST // 2 and bool(_SECTION.match(text))


def is_consent_button(text: str) -> bool:
    """`Alle akzeptieren`, `Einstellungen`: furniture beside a cookie banner, and nowhere else."""
    return len(text) <= LONGEST // 2 and bool(_BUTTONS.fullmatch(text))


def is_cookie_text(text: str, *, beside_banner: bool = False) -> bool:
    """Whether a paragraph asks for consent. Beside a banner one word of that trade is enough."""
    low = text.casefold()
    if "cookie" in low:
        return any(word in low for word in _CONSENT_WORDS) or len(low) < LONGEST // 4
    found = sum(word in low for word in _CONSENT_ONLY)
    return found >= (1 if beside_banner else 2)


def cut_cookie_text(text: str) -> tuple[str, str]:
    """Splits a cookie banner off a paragraph it is glued to: (story, banner). The banner is empty where there is none."""
    if "cookie" not in text.casefold():
        return text, ""
    sentences = _SENTENCE_END.split(text)
    asking = [is_cookie_text(sentence, beside_banner=True) for sentence in sentences]
    if True not in asking:
        return text, ""
    first, last = asking.index(True), len(asking) - 1 - asking[::-1].index(True)
    before, behind = " ".join(sentences[:first]), " ".join(sentences[last + 1 :])
    if len(before) >= STORY:
        return before, " ".join(sentences[first:])
    if len(behind) >= STORY and not _ADDRESS.search(sentences[last + 1]):
        return behind, " ".join(sentences[: last + 1])
    return "", text


def is_logo_strip(text: str) -> bool:
    """File names of sponsors' logos run together: `bilsteinLogoBaumannLogistik 01maxicardmbsteichmann 01weiss`."""
    words = text.split()
    if not words or len(words) > _LOGO_TOKENS or text.endswith((".", "!", "?", ":")):
        return False
    odd = [word for word in words if _GLUED.fullmatch(word) or _NUMBERED_NAME.fullmatch(word)]
    if any("logo" in word.casefold() and len(word) > len("logos") for word in words) and odd:
        return True
    return len(odd) >= 2 and len(odd) / len(words) >= _MANY  # noqa: PLR2004
