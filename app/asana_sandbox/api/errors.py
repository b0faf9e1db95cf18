"""Asana's refusals, in its own words where they are on record."""

from typing import Any

HELP = (
    "For more information on API status codes and how to handle them, "
    "read the docs on errors: https://developers.asana.com/docs/errors"
)


class ApiError(Exception):
    def __init__(self, status: int, message: str, *, has_help: bool = True, **beside: Any) -> None:
        super().__init__(message)
        self.status = status
        error = {"message": message, "help": HELP} if has_help else {"message": message}
        self.body: dict[str, Any] = {"errors": [error], **beside}
        self.headers: dict[str, str] = {}


def not_authorized() -> ApiError:
    return ApiError(401, "Not Authorized")


def token_expired() -> ApiError:
    return ApiError(
        401,
        "The bearer token has expired. If you have a refresh token, please use it to request a new bearer "
        "token, otherwise allow the user to re-authenticate.",
    )


def no_route() -> ApiError:
    return ApiError(404, "No matching route for request")


def unknown_object(kind: str, gid: str) -> ApiError:
    return ApiError(404, f"{kind}: Unknown object: {gid}")


def not_an_id(name: str, value: str, *, status: int = 400) -> ApiError:
    return ApiError(status, f"{name}: Not a recognized ID: {value}")


def no_access(kind: str) -> ApiError:
    return ApiError(403, f"You do not have access to this {kind}.")


def missing_input(name: str) -> ApiError:
    return ApiError(400, f"{name}: Missing input")


def bad_value(name: str, why: str) -> ApiError:
    return ApiError(400, f"{name}: {why}")


def unknown_parameter(name: str) -> ApiError:
    """Asana itself ignores some of these. Here a mistyped parameter must not pass unseen."""
    return ApiError(400, f"{name}: Not a recognized parameter for this request")


def not_modelled(name: str) -> ApiError:
    return ApiError(400, f"{name}: Asana knows this parameter, the sandbox does not")


def too_large() -> ApiError:
    return ApiError(
        400,
        "The result is too large. You should use pagination (may require specifying a workspace)!",
    )


def offset_expired() -> ApiError:
    return ApiError(400, "offset: Your pagination token has expired.")


def offset_invalid() -> ApiError:
    return ApiError(400, "offset: Your pagination token is invalid.")


def filter_missing() -> ApiError:
    return ApiError(400, "You should specify one of workspace, project, tag, section, user_task_list")


def filters_conflict() -> ApiError:
    return ApiError(
        400,
        "Must specify exactly one of project, tag, section, user task list, or assignee + workspace",
        has_help=False,
    )


def premium_only() -> ApiError:
    return ApiError(402, "Search is only available to premium users.")


def sync_token_too_old(sync: str) -> ApiError:
    message = (
        "Sync token invalid or too old. If you are attempting to keep resources in sync, you must fetch the "
        "full dataset for this query now and use the new sync token for the next sync."
    )
    return ApiError(412, message, has_help=False, sync=sync)


def too_many_requests(retry_after: int | None) -> ApiError:
    error = ApiError(
        429,
        "You've made too many requests and hit a rate limit. Please retry after the given amount of time.",
        has_help=False,
    )
    if retry_after is not None:
        error.headers["Retry-After"] = str(retry_after)
    return error


def server_error() -> ApiError:
    error = ApiError(500, "Server Error", has_help=False)
    error.body["errors"][0]["phrase"] = "6 sad squid snuggle softly"
    return error
