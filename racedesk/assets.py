"""The collected static files: names with a digest, compressed once, made anew when a source has changed."""

import hashlib
import importlib.metadata
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]

FINGERPRINT = ".sources"
MANIFEST = "staticfiles.json"


class CollectedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """WhiteNoise's files with digests; a script that imports another one names the digest too."""

    support_js_module_import_aggregation = True


def are_collected() -> bool:
    """Whether pages can be served: without the manifest no page knows the address of its style sheet."""
    return (Path(settings.STATIC_ROOT) / MANIFEST).exists()


def collect_static() -> None:
    """Collect and compress the static files if one of them has changed since the last time."""
    fingerprint = Path(settings.STATIC_ROOT) / FINGERPRINT
    now = _sources()
    if fingerprint.exists() and fingerprint.read_text("ascii") == now:
        return
    fingerprint.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    fingerprint.write_text(now, "ascii")


def _sources() -> str:
    """A digest over name, size and time of every source file and the versions that process them."""
    digest = hashlib.sha256(importlib.metadata.version("whitenoise").encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
