"""What is of no more use is thrown away, so that no table grows for ever."""

from saq.types import Context

from app import database

# A link that is over still gets its own sentence for a while, instead of "not known".
FORGET = (
    "DELETE FROM session WHERE expires_at < now()",
    "DELETE FROM attempt WHERE made_at < now() - interval '1 day'",
    "DELETE FROM undo WHERE made_at < now() - interval '1 day'",
    "DELETE FROM password_reset WHERE expires_at < now() - interval '7 days'",
    "DELETE FROM invitation WHERE least(expires_at, accepted_at, revoked_at) < now() - interval '90 days'",
    "DELETE FROM week_row WHERE week < current_date - 400",
    # The last good pass says how fresh everything is, however long ago it was. The others go on being counted.
    """WITH gone AS (
            DELETE FROM sync_run old WHERE finished_at < now() - interval '30 days'
            AND EXISTS (SELECT FROM sync_run WHERE connection = old.connection AND id > old.id AND state = 'done')
            RETURNING trigger, kind, state, coalesce(failure, '') AS failure, requests_made, refusals)
        INSERT INTO sync_total AS total (trigger, kind, state, failure, runs, requests, refusals)
        SELECT trigger, kind, state, failure, count(*), sum(requests_made), sum(refusals) FROM gone GROUP BY 1, 2, 3, 4
        ON CONFLICT (trigger, kind, state, failure) DO UPDATE
        SET runs = total.runs + excluded.runs, requests = total.requests + excluded.requests,
            refusals = total.refusals + excluded.refusals""",
    # Nothing is forgotten by this: the sum of a project's rows stays what it is.
    """WITH gone AS (
            DELETE FROM project_time part
            WHERE EXISTS (SELECT FROM project_time other WHERE other.project = part.project AND other.id <> part.id)
            RETURNING account, project, length)
        INSERT INTO project_time (account, project, length)
        SELECT account, project, sum(length) FROM gone GROUP BY account, project""",
)


async def forget_expired(_: Context) -> None:
    for statement in FORGET:
        await database.execute(statement)
