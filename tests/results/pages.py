"""What tests read off a page: the words of its own part, its tables, its links."""

import re

TAGS = re.compile(r"<[^>]+>")


def words(response):
    """The text of the page's own part, white space folded."""
    main = response.content.decode().partition("<main")[2]
    return " ".join(TAGS.sub(" ", main).split())


def tables(response):
    """The bodies of all tables as lists of words, a list a row."""
    bodies = re.findall(r"<tbody>(.*?)</tbody>", response.content.decode(), re.DOTALL)
    return [[_cells(row, "t[dh]") for row in body.split("</tr>") if "<td" in row] for body in bodies]


def heads(response):
    """The heads of all tables."""
    found = re.findall(r"<thead>(.*?)</thead>", response.content.decode(), re.DOTALL)
    return [_cells(head, "th") for head in found]


def links(response):
    """Every address the page's own part leads to."""
    return re.findall(r'href="([^"]+)"', response.content.decode().partition("<main")[2])


def _cells(row, tag):
    return [" ".join(TAGS.sub(" ", cell).split()) for cell in re.findall(rf"<{tag}[^>]*>(.*?)</{tag}>", row, re.DOTALL)]
