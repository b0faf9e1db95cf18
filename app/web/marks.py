"""Showing what of a name was searched for."""

import re

from markupsafe import Markup, escape


def marked(name: str, text: str) -> Markup:
    """The name with `<mark>` around the beginnings of words that were typed."""
    beginnings = sorted({re.escape(word) for word in re.findall(r"[^\W_]+", text)}, key=len, reverse=True)
    if not beginnings:
        return escape(name)
    pattern = re.compile(rf"(?<![^\W_])(?:{'|'.join(beginnings)})", re.IGNORECASE)
    pieces, at = [], 0
    for found in pattern.finditer(name):
        pieces += [escape(name[at : found.start()]), Markup("<mark>{}</mark>").format(found.group())]
        at = found.end()
    return Markup("").join([*pieces, escape(name[at:])])
