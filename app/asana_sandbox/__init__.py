"""A stand-in for Asana: its OAuth, API, events, webhooks and a page in its shape, over a made-up company.

Knows nothing of the rest of the app and is only ever bound to 127.0.0.1: its control side has no password.
"""
