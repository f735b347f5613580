"""The demo's pictures: nothing is photographed, nothing borrowed, and the same name gives the same picture.

A motif is a module in `motifs` with `paint(canvas)`, found by its name.
"""

import io
from importlib import import_module

from racedesk.demo.painting.canvas import Canvas


def paint(motif: str) -> bytes:
    """The motif of that name as JPEG, 1600 x 900 pixels; ModuleNotFoundError for an unknown one."""
    canvas = Canvas(motif)
    import_module(f"racedesk.demo.painting.motifs.{motif}").paint(canvas)
    target = io.BytesIO()
    canvas.finish().save(target, "JPEG", quality=90)
    return target.getvalue()
