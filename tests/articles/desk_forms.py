"""Forms of the desk as a browser without script sends them: every successful control of the page."""

from lxml import html


def filled(client, path, **changes):
    """The main form of a page with its values as a dict of lists, with some of them changed; None leaves one out."""
    page = html.fromstring(client.get(path).content.decode())
    (form,) = [form for form in page.forms if form.get("id", "").endswith("_form") or form.get("action") is None]
    values = {}
    for name, value in form.form_values():
        values.setdefault(name, []).append(value)
    for area in form.xpath(".//textarea[@name]"):
        # A browser drops the line break that Django prints first.
        values[area.get("name")] = [(area.text or "").removeprefix("\n")]
    values.update({name: value if isinstance(value, list) else [value] for name, value in changes.items()})
    return {name: value for name, value in values.items() if value != [None] and not name.startswith("_")} | {
        name: value for name, value in values.items() if name in changes
    }


def save(client, path, data, button="_continue"):
    return client.post(path, {**data, button: "1"})


def text_of(response):
    """The words of a page, single blanks."""
    return " ".join(html.fromstring(response.content.decode()).text_content().split())
