"""Everything that pages and commands say about Asana's side: one sentence a word, each with what happens next."""

from app.integrations.asana.models import PassKind, RunState, SyncRun, Trigger
from app.integrations.asana.wanted_webhooks import WebhookStanding
from app.web.filters import age, plural, seconds

# Why a connection has to be made again.
PROBLEMS = {
    "revoked": "Asana no longer accepts Sundial’s authorization: it was withdrawn there, or has ended.",
    "authorization_refused": "Asana refused to renew Sundial’s authorization.",
}

# Why a pass failed.
FAILURES = {
    "revoked": "Asana no longer accepts the authorization, so nothing new is read; nothing was archived. An "
    "administrator has to re-enable the integration.",
    "authorization_refused": "Asana refused the application’s id and secret. An administrator has to check them and "
    "re-enable the integration.",
    "unavailable": "Asana could not be reached, or did not answer. Sundial tries again by itself; you can try now.",
    "rate_limited": "Asana asked Sundial to slow down for longer than a pass can wait. It goes on by itself later.",
    "forbidden": "Asana refused to show this to the owner of the integration, and nothing was archived. Ask them to "
    "check their access there, then try once more.",
    "not_found": "Something that was being read is gone from Asana. The next pass finds out what became of it; you can "
    "try now.",
    "payment_required": "Asana’s plan does not include what was asked for. Nothing was changed. The next pass tries "
    "again.",
    "sync_token_expired": "Asana no longer knows where Sundial had stopped reading. The next pass compares everything.",
    "not_connected": "The integration was unlinked or connected anew in the meantime. The next pass goes on from "
    "there.",
    "unlinked": "The integration was unlinked before this pass began. Nothing is read until somebody enables it again.",
    "unexpected": "Something unexpected happened, and it has been written to the server’s log. Nothing was archived. "
    "Try once more; if it happens again, show the log to whoever runs this server.",
}

# Why something was left as it is in a pass that otherwise went well.
WARNINGS = {
    "forbidden": "Asana does not show it to the owner of the integration. It stays as it is; ask them to check their "
    "access there.",
    "not_found": "It was gone when it was to be read. The next pass finds out what became of it.",
    "unavailable": "Asana did not answer. It stays as it is, and the next pass reads it.",
    "rate_limited": "Asana asked Sundial to slow down. It stays as it is, and the next pass reads it.",
    "payment_required": "Asana’s plan does not include it. It stays as it is; the next pass tries again.",
    "sync_token_expired": "Asana no longer knows where Sundial had stopped reading it. The next pass reads all of it.",
    "revoked": "Asana no longer accepts the authorization. It stays as it is until the integration is re-enabled.",
    "authorization_refused": "Asana refused to renew the authorization. It stays as it is; the next pass tries again.",
    "unexpected": "Asana’s answer was not understood; the server’s log has it. It stays as it is; the next pass "
    "tries again.",
}

TRIGGERS = {
    Trigger.first: "First import",
    Trigger.periodic: "By the clock",
    Trigger.forced: "Forced",
    Trigger.workspaces: "Workspaces chosen",
    Trigger.webhook: "Asana told of a change",
    Trigger.nightly: "Nightly comparison",
    Trigger.command: "By command",
}

KINDS = {PassKind.complete: "Complete pass", PassKind.catch_up: "Catch-up"}

CHANGES = {
    "added": "new",
    "renamed": "renamed",
    "moved": "moved",
    "archived": "archived",
    "revived": "back from the archive",
}

PHASES = {
    "projects": "Listing projects",
    "events": "Asking Asana what changed",
    "tasks": "Reading what changed",
    "missing": "Looking for what has gone",
    "people": "Matching people",
}
PHASES_OF_COMPLETE = {**PHASES, "projects": "Listing people and projects", "tasks": "Reading projects"}
COUNTED_BY_PROJECTS = {"events", "tasks"}

# A run that says nothing of itself for so long has lost its worker.
SILENT_SECONDS = 15
# Long enough for any worker to have taken up a run.
WAITING_SECONDS = 20
STILL_WAITING = "Still waiting: if this goes on, the server’s worker is not running"


def problem(word: str | None) -> str:
    reason = PROBLEMS.get(word or "", "Asana no longer lets Sundial in.")
    return f"{reason} Nothing has been archived, but nothing new is read either. Re-enable the integration to go on."


def owner_left(name: str | None) -> str:
    return (
        f"{name or 'Whoever connected Asana'} has left this account, and Asana is still read with their access. "
        "Re-enable the integration as somebody who stays."
    )


def failure(word: str | None) -> str:
    return FAILURES.get(word or "", FAILURES["unexpected"])


def warning(word: str) -> str:
    return WARNINGS.get(word, WARNINGS["unexpected"])


def left_out(count: int) -> str:
    """For whoever may not see the names."""
    what, stays = ("1 part", "stays as it is") if count == 1 else (f"{count:,} parts", "stay as they are")
    return f"{what} of Asana could not be read this time and {stays}."


def trigger(word: str) -> str:
    return TRIGGERS[Trigger(word)]


def phase(run: SyncRun) -> str:
    """What an open pass is doing now."""
    if run.state == RunState.queued:
        return "Waiting for its turn" if age(run.queued_at) < WAITING_SECONDS else STILL_WAITING
    if age(run.heartbeat_at) > SILENT_SECONDS:
        return "Interrupted: it goes on as soon as the server’s worker runs again"
    named = PHASES_OF_COMPLETE if run.kind == PassKind.complete else PHASES
    doing = named.get(run.phase, "Starting")
    if run.phase in COUNTED_BY_PROJECTS and run.projects_total is not None:
        return f"{doing}: {run.projects_done:,} of {plural(run.projects_total, 'project')}"
    return doing


def changed(kind: str, count: int) -> str:
    return f"{count:,} {CHANGES[kind]}"


def outcome(run: SyncRun, counts: dict[str, int], took: float) -> str:
    """What an ended pass changed and how long it took: `3 new, 1 renamed, 2 archived, 1.8 s`."""
    parts = [*(changed(kind, count) for kind, count in counts.items()), seconds(took)]
    if run.trigger == Trigger.nightly and run.state == RunState.done:
        repaired = sum(counts.values())
        what = f"{plural(repaired, 'thing')} repaired" if repaired else "everything was right"
        return f"Compared with Asana: {what}, {', '.join(parts)}"
    return ", ".join(parts if counts else ["No changes", *parts])


def effort(run: SyncRun) -> str:
    """What the pass read, and what that cost."""
    refused = f" ({run.refusals:,} refused for asking too fast)" if run.refusals else ""
    parts = [
        plural(run.projects_done, "project"),
        plural(run.tasks_read, "task"),
        f"{plural(run.requests_made, 'request')} to Asana{refused}",
        f"{plural(run.assigned, 'assignment')} made" if run.assigned else "",
        f"{plural(run.unassigned, 'assignment')} taken back" if run.unassigned else "",
    ]
    return f"{KINDS[PassKind(run.kind)]}: {', '.join(part for part in parts if part)}"


def rate(per_minute: int | None) -> str:
    if per_minute is None:
        return "Not learned yet: Sundial begins with what Asana’s paid plans allow and slows down when asked to."
    return f"Asana lets this connection ask {per_minute:,} times a minute."


WHY_NO_WEBHOOKS = {
    "off": "Off, by ASANA_WEBHOOKS.",
    "not_https": "Off: Asana tells of changes only where PUBLIC_URL is an https address that it can reach.",
}


def webhooks(standing: WebhookStanding, sync_minutes: int) -> str:
    """Whether Asana tells of changes by itself; where it does not, how they are found instead."""
    asked = f"Sundial asks every {plural(sync_minutes, 'minute')}, and at once by Force synchronization."
    if not standing.enabled:
        return f"{WHY_NO_WEBHOOKS.get(standing.why_not or '', 'Off.')} {asked}"
    if not standing.active:
        reason = "Not yet: Asana could not reach this server." if standing.refused else "Not yet: they are being made."
        return f"{reason} Until then, {asked}"
    if standing.active < standing.wanted:
        return f"On for {standing.active:,} of {standing.wanted:,}. For the others, {asked}"
    return "On: Asana tells of a change as it happens."
