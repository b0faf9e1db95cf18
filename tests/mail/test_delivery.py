"""Letters over the wire, to a real server."""

import ssl
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app import mail
from tests.mail.conftest import PointAt
from tests.mail.mail_server import MailServer, running


def letter(to: str = "dana@meridian.example", name: str = "Dana") -> EmailMessage:
    return mail.write("password_reset", to, name, name=name, email=to, link="http://testserver/password-reset/abc")


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """One for localhost, that nobody trusts yet."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "localhost.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def encryption(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


async def test_it_delivers(mail_server: MailServer) -> None:
    await mail.deliver(letter())
    assert mail_server.envelopes[0].mail_from == "sundial@meridian.example"
    assert mail_server.envelopes[0].rcpt_tos == ["dana@meridian.example"]
    assert mail_server.only_letter()["From"] == "Sundial <sundial@meridian.example>"
    assert mail_server.only_letter()["To"] == "Dana <dana@meridian.example>"
    assert mail_server.only_letter()["Auto-Submitted"] == "auto-generated"
    assert mail_server.only_letter()["Message-ID"].endswith("@meridian.example>")
    assert not mail_server.was_encrypted


async def test_it_encrypts_where_the_server_offers_it(
    point_at: PointAt, encryption: ssl.SSLContext, trusted: None
) -> None:
    async with running(starttls=encryption) as server:
        point_at(server.url)
        await mail.deliver(letter())
    assert server.only_letter()
    assert server.was_encrypted


async def test_it_encrypts_from_the_start(point_at: PointAt, encryption: ssl.SSLContext, trusted: None) -> None:
    async with running(tls=encryption) as server:
        point_at(server.url_with_password())
        await mail.deliver(letter())
    assert server.only_letter()
    assert server.was_encrypted
    assert server.signed_in


async def test_it_does_not_speak_to_a_server_that_cannot_prove_its_name(
    point_at: PointAt, encryption: ssl.SSLContext
) -> None:
    async with running(tls=encryption) as server:
        point_at(server.url)
        with pytest.raises(mail.NotDelivered, match="unreachable"):
            await mail.deliver(letter())
    assert not server.letters


async def test_it_signs_in_with_a_password_of_any_characters(mail_server: MailServer, point_at: PointAt) -> None:
    point_at(mail_server.url_with_password())
    await mail.deliver(letter())
    assert mail_server.signed_in


async def test_it_sends_no_password_in_clear_to_another_machine(point_at: PointAt) -> None:
    # Any address of 127/8 is this machine to the system, but not to us.
    async with running("127.0.0.2") as server:
        point_at(server.url_with_password())
        with pytest.raises(mail.NotDelivered, match=r"unreachable.*STARTTLS"):
            await mail.deliver(letter())
    assert not server.letters


async def test_it_says_that_the_password_is_wrong(mail_server: MailServer, point_at: PointAt) -> None:
    point_at(mail_server.url_with_password("wrong"))
    with pytest.raises(mail.NotDelivered) as raised:
        await mail.deliver(letter())
    assert (raised.value.problem, raised.value.passing) == ("sign_in", False)
    assert "wrong" not in str(raised.value)


@pytest.mark.parametrize(("answer", "passing"), [("550 No such mailbox", False), ("451 Try again later", True)])
async def test_it_tells_an_address_that_is_refused_from_one_that_waits(
    mail_server: MailServer, answer: str, passing: bool
) -> None:
    mail_server.refusals["nobody@meridian.example"] = answer
    with pytest.raises(mail.NotDelivered) as raised:
        await mail.deliver(letter("nobody@meridian.example"))
    assert (raised.value.problem, raised.value.passing) == ("address", passing)


async def test_it_says_that_no_server_answers(mail_server: MailServer, point_at: PointAt) -> None:
    async with running() as gone:
        pass
    point_at(gone.url)
    with pytest.raises(mail.NotDelivered) as raised:
        await mail.deliver(letter())
    assert (raised.value.problem, raised.value.passing) == ("unreachable", True)


async def test_it_refuses_without_a_server() -> None:
    assert not mail.is_configured()
    with pytest.raises(mail.NotDelivered, match="SMTP_URL"):
        await mail.deliver(letter())
