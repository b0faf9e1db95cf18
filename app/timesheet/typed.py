"""What people type, in plain characters: small letters, ASCII digits and signs, single spaces.

Keyboards and habits differ. Digits of every script mean the same and are read (`１：３０`, `١:٣٠`), all dashes are one
dash, and numbers raised or in circles are nothing that anybody types as a time.
"""

import unicodedata

FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
SIGNS = str.maketrans(FULL_WIDTH | dict.fromkeys(map(ord, "‐‑‒–—―−〜"), "-") | {ord("∶"): ":", ord("٫"): "."})


def plain(text: str) -> str:
    digits = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)
    words = " ".join(digits.translate(SIGNS).replace("~", "-").lower().split())
    return words.replace(" :", ":").replace(": ", ":")
