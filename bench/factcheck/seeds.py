"""Scraped texts as cases: their facts are ours, their true claims those the engine confirms."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from articles.factcheck.contract import as_objects
from articles.factcheck.run import check_text
from articles.factcheck.sheet import FactSheet
from bench.factcheck.scoring import CASES
from tests.articles.factcheck.build_cases import build


def seed_cases(folder: Path) -> Iterator[dict[str, Any]]:
    """Each text of the folder that begins with the number of a sheet; raises where one of its claims is contradicted."""
    for source in sorted((CASES / "sheets").glob("*.txt")):
        for path in sorted(folder.glob(f"{source.stem}_*.txt")):
            case = build(source.read_text("utf-8"))
            body = path.read_text("utf-8")
            claims = as_objects(check_text(body, FactSheet.from_records(case["data"])))
            wrong = [claim["text"] for claim in claims if claim["verdict"] == "contradicted"]
            if wrong:
                raise RuntimeError(f"{path.name}: contradicted though true: {wrong}")
            yield case | {
                "id": f"seed {source.stem}",
                "body": body,
                "claims": [claim for claim in claims if claim["verdict"] == "confirmed"],
            }
