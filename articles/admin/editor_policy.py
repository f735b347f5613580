"""What the body editor needs beyond the site's content-security policy: two things, on its forms alone.

Its import map is an inline script, allowed by the nonce of the request. It adds one style element of its own, allowed
by its hash; a new version of the editor may bring another one, which the browser test notices.
"""

from csp.constants import NONCE

EDITOR_STYLE = "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"
EDITOR_POLICY = {"script-src": [NONCE], "style-src": [EDITOR_STYLE]}
