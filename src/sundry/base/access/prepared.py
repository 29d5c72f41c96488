"""A statement that every order sends, prepared: PostgreSQL reads and plans it once a connection.

Problem: Django's cursors write all values into the text of a statement. The database reads that text and plans it each
time, which for an entry of the audit log takes longer than writing it. Therefore what is sent all the time goes by
psycopg's own cursor, which binds the values on the server. Django's log of statements knows it all the same, so that
whoever counts them counts this one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, LiteralString

import psycopg
from django.db import connection


def run(statement: LiteralString, values: Sequence[Any] | Mapping[str, Any]) -> psycopg.Cursor[Any]:
    """Within the transaction that is open on Django's connection. The errors are Django's."""
    connection.validate_no_broken_transaction()  # as before each statement of Django's
    connection.ensure_connection()
    if connection.queries_logged:
        connection.queries_log.append({"sql": statement, "time": "0"})
    with connection.wrap_database_errors:
        return psycopg.Cursor(connection.connection).execute(statement, values, prepare=True)
