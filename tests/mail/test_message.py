"""What stands in a letter: names are text, in the headers and in the HTML."""

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import mail

LINK = "http://testserver/invitations/abc"


def invitation(name: str = "Dana Weiss", company: str = "Meridian Works", inviter: str = "Alice") -> EmailMessage:
    context = {"name": name, "company": company, "inviter": inviter, "link": LINK, "until": "Monday"}
    return mail.write("invitation", "dana@meridian.example", name, **context)


def part(letter: EmailMessage, kind: str) -> str:
    body = letter.get_body((kind,))
    assert isinstance(body, EmailMessage)
    return str(body.get_content())


def test_it_is_written_twice_as_text_and_as_html() -> None:
    letter = invitation()
    assert letter["Subject"] == "Alice invites you to Meridian Works on Sundial"
    assert [each.get_content_type() for each in letter.iter_parts()] == ["text/plain", "text/html"]
    assert LINK in part(letter, "plain").splitlines()
    assert f'href="{LINK}"' in part(letter, "html")
    assert "Hello Dana Weiss," in part(letter, "plain")


def test_it_shows_names_as_text() -> None:
    letter = invitation(name="<b>Dana</b>", company="R&D <script>alert(1)</script>")
    assert "R&D <script>" in part(letter, "plain")
    assert "<script>" not in part(letter, "html")
    assert "R&amp;D &lt;script&gt;" in part(letter, "html")
    assert "<b>" not in part(letter, "html")


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\x0b", "\x85", "\u2028"])
def test_it_lets_no_name_begin_a_header(line_end: str) -> None:
    evil = f"Alice{line_end}Bcc: everyone@meridian.example"
    letter = invitation(name=evil, inviter=evil, company=evil)
    lines = letter.as_bytes().split(b"\n\n", 1)[0].splitlines()
    assert not [line for line in lines if line.lower().startswith(b"bcc")]
    assert letter["Bcc"] is None


@given(name=st.text(max_size=300))
def test_it_takes_any_name(name: str) -> None:
    letter = invitation(name=name, company=name, inviter=name)
    assert letter["To"].addresses[0].addr_spec == "dana@meridian.example"
    assert len(letter["To"].addresses) == 1
    assert letter.as_bytes()


def test_it_greets_nobody_by_an_empty_name() -> None:
    assert "Hello" not in part(invitation(name=""), "plain")
    assert part(invitation(name=""), "plain").startswith("Alice invites you")


def test_it_replies_to_who_invited() -> None:
    context = {"name": "", "company": "M", "inviter": "Alice", "link": LINK, "until": "Monday"}
    letter = mail.write("invitation", "dana@meridian.example", reply_to="alice@meridian.example", **context)
    assert letter["Reply-To"] == "alice@meridian.example"
