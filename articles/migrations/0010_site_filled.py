"""Fills the listing from what is published already, in small steps without long locks; first texts of the site's pages."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Now

STEP = 500

FILL = """
INSERT INTO articles_listing (publication_id, published_at, visible_from, visible_until, words)
SELECT p.id,
       coalesce(
         (SELECT min(s.visible_from) FROM articles_publication s
          WHERE s.article_id = p.article_id AND (s.visible_until IS NULL OR s.visible_until > s.visible_from)),
         p.visible_from
       ),
       p.visible_from, p.visible_until,
       articles_search_words(p.title, p.kicker, p.standfirst, p.body_text, articles_search_names(p.content))
FROM articles_publication p
WHERE p.id >= %s AND p.id < %s
ON CONFLICT (publication_id) DO NOTHING
"""

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


def fill(apps, schema_editor):
    connection = schema_editor.connection
    publications = apps.get_model("articles", "Publication").objects.using(connection.alias)
    last = publications.aggregate(last=models.Max("pk"))["last"] or 0
    with connection.cursor() as cursor:
        for start in range(0, last + 1, STEP):
            cursor.execute(FILL, [start, start + STEP])


def write_pages(apps, schema_editor):
    pages = apps.get_model("articles", "Page").objects.using(schema_editor.connection.alias)
    versions = apps.get_model("articles", "PageVersion").objects.using(schema_editor.connection.alias)
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


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("articles", "0009_site")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(write_pages, migrations.RunPython.noop),
        AddIndexConcurrently(
            model_name="publication",
            index=models.Index(
                condition=~models.Q(correction_note=""), fields=["-visible_from"], name="publication_corrections"
            ),
        ),
    ]
