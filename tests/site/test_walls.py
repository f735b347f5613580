"""Walls that an import contract cannot see: which models the public code may name."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
WORKBENCH = {"Article", "Revision", "Byline", "FactCheck", "Waiver"}
PUBLIC_MODULES = (
    "archive.py",
    "corrections.py",
    "feeds.py",
    "front.py",
    "search.py",
    "sitemaps.py",
    "snippets.py",
    "stories.py",
    "structured_data.py",
)
PUBLIC_CODE = sorted(
    [
        *ROOT.glob("articles/views/*.py"),
        *ROOT.glob("articles/templatetags/*.py"),
        *(ROOT / "articles" / name for name in PUBLIC_MODULES),
        *ROOT.glob("results/*.py"),
        *ROOT.glob("results/templatetags/*.py"),
    ]
)


def names_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} | {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names
    }


@pytest.mark.parametrize("path", PUBLIC_CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_public_code_never_names_the_workbench(path):
    """What readers see comes from `Publication`; a draft cannot leak out of a table nobody asks."""
    assert names_in(path) & WORKBENCH == set()
