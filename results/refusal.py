"""What the desk's verbs about versions of a result refuse with."""


class ReleaseRefused(Exception):  # noqa: N818 - reads as the sentence it stands for
    """Nothing was written; the message is one German sentence."""
