"""The question of a search, as SQL over the ways (the table that the database keeps of them).

However common the words are, no more than some thousands of ways are looked at. What is asked of an index is hidden
from the planner in subqueries: it would otherwise trust its statistics of the words, and for a common one that is only
in other people's projects read the whole table.

Each piece yields `item, path, project, rank, size`. Ranks are 0 for a name that begins with the text and for an id, 1
for a name that has the words, 2 for a keyword, 3 for words that partly stand in the path.
"""

# The SQL below is put together from pieces of this package; values are parameters.
# ruff: noqa: S608

from dataclasses import dataclass

from app.projects.facts import FACTS
from app.projects.reach import Extent, is_among, ways_within

# Of so many the best are chosen. Whoever types a word that more have will go on typing.
CANDIDATES = 2_000
KEYWORDS = 5_000

TEXT = "(SELECT text FROM wanted)"
QUERY = "(SELECT query FROM wanted)"
ITEMS = "(SELECT items FROM wanted)"

# The parser of words may see several where we saw one; as a phrase they would need places, which ways do not keep.
WANTED = """wanted AS (
    SELECT lower($2) AS text, replace(to_tsquery('simple', $3)::text, '<->', '&')::tsquery AS query,
           $4::bigint[] AS items
)"""
HAVING_ID = f"""having_id AS (
    SELECT id FROM work_item WHERE account = $1 AND source IN ('asana', 'own') AND foreign_id = {TEXT}
)"""
HAVING_KEYWORD = f"""having_keyword AS (
    SELECT item FROM keyword
    WHERE account = $1 AND lower(word) ~>=~ {TEXT} AND lower(word) ~<~ ({TEXT} || chr(1114111))
    ORDER BY lower(word) USING ~<~ LIMIT {KEYWORDS}
)"""
BEGINS = f"starts_with(way.name, {TEXT})"
RANK = f"CASE WHEN {BEGINS} THEN 0 WHEN way.named @@ {QUERY} THEN 1 ELSE 3 END"


@dataclass(frozen=True)
class Look:
    """How to look: through what, for a place to track on or for an item, among what is active or what is archived."""

    extent: Extent
    for_tracking: bool
    archived: bool


def search_sql(look: Look) -> str:
    """$1 is the account, $2 the text, $3 the query of all words, $4 what the person is assigned to, $5 the limit."""
    begins = "" if look.extent is Extent.little else f", beginning AS ({beginning(look)})"
    found = within(look) if look.extent is Extent.little else by_index(look)
    return f"""
    WITH {WANTED}, {HAVING_ID}, {HAVING_KEYWORD} {begins}
    SELECT {FACTS}, hit.path, hit.project, hit.is_usable AND item.archived_at IS NULL AS is_usable,
           ARRAY(SELECT above.name FROM unnest(hit.path) WITH ORDINALITY step(id, place)
                 JOIN work_item above ON above.id = step.id
                 WHERE step.place < cardinality(hit.path) ORDER BY step.place) AS names
    FROM (
        SELECT found.*, kept.is_usable FROM ({found}) found CROSS JOIN LATERAL ({kept(look)}) kept LIMIT $5
    ) hit JOIN work_item item ON item.id = hit.item
    ORDER BY hit.rank, hit.size, hit.item, hit.path
    """


def within(look: Look) -> str:
    """All of the little that the person has, each way of it judged."""
    matches = f"""{BEGINS} OR way.words @@ {QUERY} OR way.item IN (SELECT id FROM having_id)
        OR way.item IN (SELECT item FROM having_keyword)"""
    rank = f"""CASE WHEN {BEGINS} OR way.item IN (SELECT id FROM having_id) THEN 0 WHEN way.named @@ {QUERY} THEN 1
        WHEN way.item IN (SELECT item FROM having_keyword) THEN 2 ELSE 3 END"""
    return best(judged(rank, ways_within(ITEMS), f"{state(look)} AND way.item <> way.path[1] AND ({matches})"))


def by_index(look: Look) -> str:
    """One index after the other, the best hits first. The next one is asked only when more are wanted."""
    theirs = f"{state(look)} AND way.account = $1 AND way.item <> way.path[1] AND {reached(look)}"
    new = f"way.item NOT IN (SELECT id FROM having_id) AND {theirs}"
    pieces = (
        chosen("0", "way", f"way.item IN (SELECT id FROM having_id) AND {theirs}"),
        "SELECT * FROM beginning",
        chosen(RANK, "way", f"way.named @@ {QUERY} AND {new} AND way.path NOT IN (SELECT path FROM beginning)"),
        chosen(
            "2",
            "(SELECT DISTINCT item FROM having_keyword) keyed JOIN way USING (item)",
            f"{new} AND NOT {BEGINS} AND NOT way.named @@ {QUERY}",
        ),
        chosen(
            "3",
            "way",
            f"""way.words @@ {QUERY} AND NOT way.named @@ {QUERY} AND {new}
            AND NOT {BEGINS} AND way.item NOT IN (SELECT item FROM having_keyword)""",
        ),
    )
    return " UNION ALL ".join(f"({best(piece)})" for piece in pieces)


def beginning(look: Look) -> str:
    """Names that begin with the text, read in the order of the alphabet."""
    names = f"""(
        SELECT * FROM way WHERE way.account = $1 AND {state(look)}
          AND way.name >= {TEXT} AND way.name < ({TEXT} || chr(1114111))
        ORDER BY way.name LIMIT {CANDIDATES}
    )"""
    new = "way.item NOT IN (SELECT id FROM having_id)"
    return chosen("0", f"{names} way", f"way.item <> way.path[1] AND {new} AND {reached(look)}")


def chosen(rank: str, ways: str, condition: str) -> str:
    """A bounded part of what meets the condition, so that no word is too common."""
    return judged("rank", f"(SELECT way.*, {rank} AS rank FROM {ways} WHERE {condition} LIMIT {CANDIDATES})")


def judged(rank: str, ways: str, condition: str = "true") -> str:
    return f"""
        SELECT item, path, project, rank, CASE WHEN rank < 3 THEN length(name) ELSE cardinality(path) END AS size
        FROM (SELECT way.item, way.path, way.project, way.name, {rank} AS rank FROM {ways} way WHERE {condition}) way
    """


def best(piece: str) -> str:
    return f"SELECT * FROM ({piece}) piece ORDER BY rank, size, item, path"


def state(look: Look) -> str:
    return "NOT way.is_active" if look.archived else "way.is_active"


def reached(look: Look) -> str:
    """Whether a way leads through something that the person is assigned to."""
    if look.extent is Extent.everything:
        return "true"
    return f"way.path && {ITEMS}" if look.extent is Extent.few else assigned("way")


def assigned(way: str) -> str:
    return is_among(f"{way}.path", f"SELECT unnest({ITEMS})")


def is_open(way: str) -> str:
    return f"""NOT EXISTS (
        SELECT FROM work_item above
        WHERE above.id = ANY (trim_array({way}.path, 1)) AND above.archived_at IS NOT NULL)"""


def kept(look: Look) -> str:
    """Of the ways to one item that were found: one for each project to track on, else the best."""
    others = f"""SELECT other.*, {assigned("other")} AS is_assigned, {is_open("other")} AS is_open FROM way other
        WHERE other.item = found.item AND (found.rank < 3 OR other.words @@ {QUERY})"""
    if look.for_tracking:
        first = f"""SELECT other.path FROM ({others}) other
            WHERE is_assigned AND is_open AND other.project IS NOT DISTINCT FROM found.project ORDER BY path LIMIT 1"""
        return f"SELECT true AS is_usable FROM ({first}) other WHERE other.path = found.path"
    theirs = "true" if look.extent is Extent.everything else "is_assigned"
    first = f"SELECT * FROM ({others}) other WHERE {theirs} ORDER BY is_assigned DESC, is_open DESC, path LIMIT 1"
    return f"SELECT is_assigned AND is_open AS is_usable FROM ({first}) other WHERE other.path = found.path"
