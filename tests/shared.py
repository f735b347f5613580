"""Where the real files lie that tests may read and the project never ships."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"no folder of real files at {SHARED}")
