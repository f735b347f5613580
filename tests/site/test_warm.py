"""A worker has all that stays in memory before its first request, and the garbage collector leaves it alone."""

import gc

import pytest
from django.conf import settings
from django.template import engines

from racedesk.warm import warm_up


@pytest.fixture(autouse=True)
def _thawed():
    yield
    gc.unfreeze()


def test_templates_are_parsed_and_what_is_loaded_is_set_aside():
    (loader,) = engines["django"].engine.template_loaders
    loader.reset()

    warm_up()

    folder = settings.BASE_DIR / "templates"
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")}
    assert there
    assert there <= loader.get_template_cache.keys()
    assert gc.get_freeze_count() > 10_000
