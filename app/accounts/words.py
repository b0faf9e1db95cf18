"""What people type about themselves, cleaned: names, e-mail addresses, time zones."""

import re
import unicodedata
from functools import cache
from zoneinfo import available_timezones

LONGEST_NAME = 200
LONGEST_EMAIL = 254
REGIONS = (
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)

# Loose on purpose: only the mail server knows which addresses exist. What is kept out is what could mean something
# else in a header or in a list.
EMAIL = re.compile(r'[^\s@<>()\[\],;:\\"]{1,64}@[^\s@<>()\[\],;:\\"]+')


def one_line(text: str) -> str:
    """Without control characters and superfluous space; composed, so that equal names are equal strings."""
    visible = "".join(" " if unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} else sign for sign in text)
    return " ".join(unicodedata.normalize("NFC", visible).split())


def email_address(text: str) -> str | None:
    """The address as it is kept, in small letters; None when it is none."""
    address = one_line(text).lower()
    if len(address) > LONGEST_EMAIL or not EMAIL.fullmatch(address):
        return None
    return address if all(is_dotted(part) for part in address.split("@")) else None


def is_dotted(text: str) -> bool:
    return all(text.split(".")) and not text.startswith("-") and not text.endswith("-")


def email_addresses(text: str) -> list[str]:
    """What stands between commas, semicolons and spaces, each once; of `Name <address>` the address."""
    found: list[str] = []
    for part in re.split(r"[,;\n]", re.sub(r'"[^"\n]*"', " ", text)):
        _, bracket, inside = one_line(part).partition("<")
        found += [inside.partition(">")[0].strip()] if bracket else one_line(part).split()
    return list(dict.fromkeys(address for address in found if address))


@cache
def timezones() -> dict[str, list[str]]:
    """The names of time zones by region, for a select: what was renamed long ago is among them, as browsers say it."""
    names = sorted(available_timezones())
    return {region: [name for name in names if name.startswith(region + "/")] for region in REGIONS}


def is_timezone(name: str) -> bool:
    return name == "UTC" or name in timezones().get(name.partition("/")[0], ())
