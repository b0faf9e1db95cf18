"""Asana's API under /api/1.0. What it does not know it refuses as Asana does, never by guessing."""

from .app import Api

__all__ = ["Api"]
