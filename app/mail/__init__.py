"""Mail to people: writing a letter and handing it to the server of SMTP_URL. Knows nothing of accounts or jobs."""

from app.mail.delivery import NotDelivered, deliver, is_configured
from app.mail.message import write

__all__ = ["NotDelivered", "deliver", "is_configured", "write"]
