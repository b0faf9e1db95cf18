"""Sentences about items, said the same way on every page."""

from app.projects.models import ArchivedReason, Source

SOURCE_NAMES = {Source.asana: "Asana", Source.own: "Sundial"}

WHY_ARCHIVED = {
    ArchivedReason.completed: "Completed in {source}.",
    ArchivedReason.archived: "Archived in {source}.",
    ArchivedReason.deleted: "Deleted in {source}.",
    ArchivedReason.removed: "Removed from its project in {source}.",
    ArchivedReason.hidden: "No longer visible to the owner of the integration.",
    ArchivedReason.workspace: "Its workspace is left out of the integration.",
    ArchivedReason.unlinked: "The integration with {source} was unlinked.",
    ArchivedReason.by_hand: "Archived by hand.",
    ArchivedReason.above: "What it belongs to is archived.",
}


def source_name(source: str) -> str:
    return SOURCE_NAMES[Source(source)]


def why_archived(reason: str | None, source: str) -> str:
    return WHY_ARCHIVED[ArchivedReason(reason)].format(source=source_name(source)) if reason else ""
