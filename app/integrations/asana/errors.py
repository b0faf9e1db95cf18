"""What can go wrong between us and Asana, in words that each have one consequence.

`word` is what runs, banners and logs store; the sentences that people read are written from it. The text of an error
is Asana's own message, which names objects and parameters but never a token.
"""

import httpx
import msgspec


class AsanaError(Exception):
    word = "unexpected"


class AccessRevoked(AsanaError):
    """Asana no longer accepts the authorization: somebody has to connect again."""

    word = "revoked"


class PaymentRequired(AsanaError):
    word = "payment_required"


class Forbidden(AsanaError):
    word = "forbidden"


class NotFound(AsanaError):
    """Deleted, never there, or not shown to us: Asana does not always tell these apart."""

    word = "not_found"


class SyncTokenExpired(AsanaError):
    """The event stream cannot go on from our token; `sync` is the one to save before listing again."""

    word = "sync_token_expired"

    def __init__(self, message: str, sync: str) -> None:
        super().__init__(message)
        self.sync = sync


class RateLimited(AsanaError):
    """`retry_after` is in seconds, None where Asana did not say."""

    word = "rate_limited"

    def __init__(self, message: str, retry_after: float | None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(AsanaError):
    """No answer, half an answer, or Asana's own trouble: asking again later may help."""

    word = "unavailable"


class UnexpectedAnswer(AsanaError):
    """An answer that we do not understand, or a request that Asana does not: asking again does not help."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class AuthorizationRefused(AsanaError):
    """The OAuth side said no. `error` is its word from RFC 6749: invalid_grant, invalid_client, access_denied..."""

    word = "authorization_refused"

    def __init__(self, error: str, description: str = "") -> None:
        super().__init__(f"{error}: {description}" if description else error)
        self.error = error


class _Complaint(msgspec.Struct):
    message: str = ""


class _Refusal(msgspec.Struct):
    errors: list[_Complaint] = []
    sync: str = ""


BY_STATUS: dict[int, type[AsanaError]] = {
    401: AccessRevoked,
    402: PaymentRequired,
    403: Forbidden,
    404: NotFound,
    451: Forbidden,
}


def error_of(response: httpx.Response) -> AsanaError:
    """The error that an answer other than 200 stands for, judged by its status: Asana's sentences vary."""
    refusal = _refusal_of(response)
    message = f"{response.status_code} {_message_of(refusal)}".strip()
    status = response.status_code
    if status == 412 and refusal.sync:
        return SyncTokenExpired(message, refusal.sync)
    if status == 429:
        return RateLimited(message, _retry_after(response))
    if status >= 500 or status == 408:
        return Unavailable(message)
    if known := BY_STATUS.get(status):
        return known(message)
    return UnexpectedAnswer(message, status)


def _refusal_of(response: httpx.Response) -> _Refusal:
    try:
        return msgspec.json.decode(response.content, type=_Refusal)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return _Refusal()


def _message_of(refusal: _Refusal) -> str:
    return refusal.errors[0].message[:200] if refusal.errors else ""


def _retry_after(response: httpx.Response) -> float | None:
    """Asana writes whole seconds; anything else, such as a date from a proxy, counts as not said."""
    try:
        return max(float(response.headers["Retry-After"]), 0.0)
    except (KeyError, ValueError):
        return None
