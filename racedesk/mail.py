"""Where mail goes, from one address in the environment: `smtp+tls://user:password@mail.example.org:587`."""

from typing import Any
from urllib.parse import unquote, urlsplit

BACKENDS = "django.core.mail.backends"
# scheme -> usual port, TLS from the first byte, STARTTLS
SMTP = {"smtp": (25, False, False), "smtp+tls": (587, False, True), "smtps": (465, True, False)}


def mail_settings(url: str) -> dict[str, Any]:
    """Django's EMAIL_ settings for `console:`, `none:`, or `smtp://`, `smtp+tls://`, `smtps://` with host.

    User and password are percent-encoded. Raises ValueError, whose words never hold the password.
    """
    parts = urlsplit(url)
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": f"{BACKENDS}.console.EmailBackend"}
    if parts.scheme == "none":
        return {"EMAIL_BACKEND": f"{BACKENDS}.dummy.EmailBackend"}
    if parts.scheme not in SMTP:
        raise ValueError(f"the scheme must be one of console, none, {', '.join(SMTP)}, not {parts.scheme!r}")
    if not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("it must be scheme://user:password@host:port with nothing behind")
    port, tls, starttls = SMTP[parts.scheme]
    return {
        "EMAIL_BACKEND": f"{BACKENDS}.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": tls,
        "EMAIL_USE_TLS": starttls,
    }
