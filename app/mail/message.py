"""Letters: what Sundial writes to people, as plain text and as HTML from a pair of templates.

The first line of the text template is the subject. Names in it come from people and from Asana: they are text, in the
headers as in the body.
"""

from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from functools import cache
from typing import Any

from jinja2 import Environment, select_autoescape

from app.settings import load_settings
from app.web.render import make_environment

LONGEST_SUBJECT = 200


def write(template: str, email: str, name: str = "", /, *, reply_to: str | None = None, **context: Any) -> EmailMessage:
    """`template` names `templates/mail/<template>.txt` and `.html`."""
    text = letters().get_template(f"mail/{template}.txt").render(context)
    subject, _, body = text.partition("\n")
    letter = addressed(email, name, reply_to)
    letter["Subject"] = header(subject)[:LONGEST_SUBJECT]
    letter.set_content(body.lstrip("\n"))
    html = letters().get_template(f"mail/{template}.html").render(context)
    letter.add_alternative(html, subtype="html")
    return letter


def addressed(email: str, name: str, reply_to: str | None) -> EmailMessage:
    sender = load_settings().mail_from
    letter = EmailMessage()
    letter["From"] = sender
    letter["To"] = Address(header(name), addr_spec=email)
    if reply_to:
        letter["Reply-To"] = reply_to
    letter["Date"] = formatdate()
    letter["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].strip("> "))
    # Holiday notices do not answer to letters that a program sent.
    letter["Auto-Submitted"] = "auto-generated"
    return letter


def header(text: str) -> str:
    """One line of visible characters: a name must not be able to begin a header of its own."""
    return "".join(sign for sign in " ".join(text.split()) if sign.isprintable())


@cache
def letters() -> Environment:
    return make_environment().overlay(autoescape=select_autoescape(["html"], default=False))
