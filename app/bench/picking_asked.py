"""Those who ask the picker, and what: the process that `sundial bench picker` measures with."""

from dataclasses import dataclass
from statistics import median
from urllib.parse import quote

from app import database
from app.bench import picking_sql as sql
from app.bench.browser import Browser
from app.bench.load import percentile
from app.bench.office import sign_in
from app.bench.outcome import Failed, Figures
from app.bench.worker import opened

TIMES = 28
# By then every statement has been planned for good.
UNCOUNTED = 8


@dataclass(frozen=True)
class Asker:
    """Somebody, and what of theirs is asked for: a task with its id, its list, and its project with its number."""

    name: str
    person: int
    task: int
    gid: str
    parent: int
    project: int
    number: str


async def pick(web: int) -> Figures:
    async with opened():
        busy = await database.fetch_value(sql.BUSY_LIST)
        await database.execute(sql.HUNDREDS)
        await database.execute("VACUUM ANALYZE")
        askers = [await asker(name, statement) for name, statement in sql.ASKERS.items()]
        sessions = await sign_in([each.person for each in askers])
    asked = {each.name: await ask(web, session, each, busy) for each, session in zip(askers, sessions, strict=True)}
    everything = [figures for of_asker in asked.values() for figures in of_asker.values()]
    return {
        "slowest_p95_ms": max(each["p95_ms"] for each in everything),
        "worst_ms": max(each["worst_ms"] for each in everything),
        "heaviest_bytes": max(each["bytes"] for each in everything),
        "heaviest_compressed_bytes": max(each["compressed_bytes"] for each in everything),
        "asked": asked,
    }


async def asker(name: str, statement: str) -> Asker:
    row = await database.fetch_one(statement)
    if row is None:
        raise Failed(f"Nobody here has {name}.")
    return Asker(name, **dict(row))


def questions(of: Asker, busy: int) -> dict[str, str]:
    address = f"https://app.asana.com/1/1/project/{of.project}/task/{of.gid}"
    texts = {
        "one letter": "r",
        "two letters": "in",
        "a rare word": of.number,
        "a common word": "for",
        "a word of all paths": "asana",
        "a word and one of the path": f"review {of.number}",
        "two common words": "for asana",
        "three letters": "r f a",
        "a word nowhere": "zzyzx",
        "a common word and one nowhere": "for zzyzx",
        "an id": of.gid,
        "the beginning of every id": "12",
        "an address": address,
    }
    return {
        "nothing typed": "/picker/options",
        **{kind: f"/picker/options?q={quote(text)}&free=1" for kind, text in texts.items()},
        "top of the tree": "/picker/tree",
        "branch of a project": f"/picker/tree?under={of.project}&project={of.project}",
        "branch of a list": f"/picker/tree?under={of.parent}&project={of.project}",
        "branch of a task": f"/picker/tree?under={of.task}&project={of.project}",
        "branch of thousands": f"/picker/tree?under={busy}",
        "a later piece of it": f"/picker/tree?under={busy}&after=3000-1",
        "the page without scripts": "/picker?q=for",
    }


async def ask(web: int, session: str, of: Asker, busy: int) -> dict[str, Figures]:
    browser = Browser(web, session)
    try:
        return {kind: await timed(browser, path) for kind, path in questions(of, busy).items()}
    finally:
        browser.close()


async def timed(browser: Browser, path: str) -> Figures:
    times = [(await browser.get(path, htmx=True)).server_ms for _ in range(TIMES)][UNCOUNTED:]
    return {
        "median_ms": median(times),
        "p95_ms": percentile(times, 95),
        "worst_ms": max(times),
        "bytes": len((await browser.get(path, htmx=True, compressed=False)).body),
        "compressed_bytes": len((await browser.get(path, htmx=True)).body),
    }
