"""The site's own pages before anybody has written them: what has to stand there, as a placeholder that readers see."""

from typing import Any

from django.apps import apps as registry
from django.db.models.functions import Now

IMPRINT = """
<p><strong>Diese Seite ist noch nicht ausgefüllt.</strong> Wer racedesk betreibt, trägt hier die Angaben ein, die das
Gesetz verlangt (in Deutschland § 5 DDG und § 18 MStV). Dafür öffnet die Chefredaktion in der Redaktion „Seiten“.</p>
<h2>Einzutragen sind</h2>
<ul>
<li>Name und Anschrift des Betreibers, bei Firmen Rechtsform und Vertretungsberechtigte</li>
<li>E-Mail-Adresse und ein zweiter schneller Weg, etwa eine Telefonnummer</li>
<li>Registergericht und Registernummer, Umsatzsteuer-Identifikationsnummer, soweit vorhanden</li>
<li>Verantwortlich für journalistisch-redaktionelle Inhalte: Name und Anschrift</li>
</ul>
<h2>Fehler melden</h2>
<p>Korrekturen an Berichten stehen unter <a href="/korrekturen/">Korrekturen</a>. Die Adresse, an die Leser schreiben
können, gehört hierher.</p>
"""
PRIVACY = """
<p><strong>Diese Seite ist ein Entwurf.</strong> Was racedesk selbst tut, steht hier. Was der Betreiber und sein
Dienstleister für Server und E-Mail tun, müssen sie ergänzen.</p>
<h2>Was die Seiten tun</h2>
<ul>
<li>Die öffentlichen Seiten setzen keine Cookies.</li>
<li>Sie laden nichts von anderen Anbietern: keine Schriften, keine Zählpixel, keine Werbung.</li>
<li>Die Suche schreibt nicht mit, wonach jemand sucht; das Suchwort steht nur in der Adresse der Seite.</li>
</ul>
<h2>Einzutragen sind</h2>
<ul>
<li>Verantwortlicher im Sinne der DSGVO mit Anschrift und E-Mail-Adresse, Datenschutzbeauftragte, soweit bestellt</li>
<li>Welche Zugriffsdaten der Server oder ein vorgeschalteter Dienst speichert, wozu und wie lange</li>
<li>Wer die Seiten technisch betreibt (Auftragsverarbeitung)</li>
<li>Die Rechte der Leser und die zuständige Aufsichtsbehörde</li>
</ul>
"""
ACCESSIBILITY = """
<p><strong>Diese Seite ist ein Entwurf.</strong> Der Betreiber prüft seine Seiten und trägt das Ergebnis ein.</p>
<h2>Wie die Seiten gebaut sind</h2>
<p>Die Vorlagen folgen den Richtlinien WCAG 2.2, Stufe AA. Alles ist mit der Tastatur zu erreichen, nichts braucht
Skripte. Tabellen haben Kopfzellen, Grafiken eine Tabelle und eine Zusammenfassung in Worten. Heller und dunkler Modus
richten sich nach dem Gerät. Bilder gehen nur mit Alternativtext hinaus.</p>
<h2>Einzutragen sind</h2>
<ul>
<li>Wann und von wem die Seiten geprüft wurden und was dabei auffiel</li>
<li>Bekannte Mängel und bis wann sie behoben werden</li>
<li>Eine Adresse, an die Leser Barrieren melden können, und die zuständige Schlichtungsstelle</li>
</ul>
"""
TEXTS = {
    "impressum": ("Impressum", IMPRINT),
    "datenschutz": ("Datenschutz", PRIVACY),
    "barrierefreiheit": ("Barrierefreiheit", ACCESSIBILITY),
}


def write_first_pages(sender: Any = None, *, apps: Any = registry, using: str = "default", **_kwargs: Any) -> None:
    """Every page that the site needs and does not have, as a receiver of `post_migrate` or from a migration."""
    try:
        pages, versions = (apps.get_model("articles", name).objects.using(using) for name in ("Page", "PageVersion"))
    except LookupError:  # migrated back to a time before them
        return
    for name, (title, body) in TEXTS.items():
        page, _ = pages.get_or_create(name=name)
        if not versions.filter(page=page).exists():
            versions.create(
                page=page,
                number=1,
                title=title,
                body_html=" ".join(body.split()),
                is_placeholder=True,
                visible_from=Now(),
            )
