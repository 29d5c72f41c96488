"""What the application may do to the tables: everything to those of others, and to the ledger only add.

Its connections assume the role `sundry_app`; who migrates owns the tables. Roles are not in a copy of a database, and
tables come with later migrations: so the rights are given anew whenever something of them is missing, and not once.
"""

from __future__ import annotations

from typing import Any, Final

ROLE: Final = "sundry_app"

# Of the ledger the application reads all, adds, and moves counters; it can neither change nor take away what is there.
_RIGHTS: Final = """
DO $$
DECLARE
  _owned text;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'sundry_app') THEN
    CREATE ROLE sundry_app NOLOGIN;
  END IF;
  -- From PostgreSQL 16 on who makes a role may give it to others, and not yet assume it.
  IF NOT pg_has_role('sundry_app', CASE WHEN current_setting('server_version_num')::int < 160000
    THEN 'MEMBER' ELSE 'SET' END) THEN
    GRANT sundry_app TO CURRENT_USER;
  END IF;
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO sundry_app', current_schema());
  FOR _owned IN SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
    WHERE schemaname = current_schema() AND tableowner = current_user
  LOOP
    EXECUTE 'GRANT SELECT, INSERT, UPDATE, DELETE ON ' || _owned || ' TO sundry_app';
  END LOOP;
  FOR _owned IN SELECT format('%I.%I', schemaname, sequencename) FROM pg_sequences
    WHERE schemaname = current_schema() AND sequenceowner = current_user
  LOOP
    EXECUTE 'GRANT ALL ON SEQUENCE ' || _owned || ' TO sundry_app';
  END LOOP;
  REVOKE UPDATE, DELETE ON ledger_unit, ledger_account, ledger_event, ledger_transfer, ledger_fold FROM sundry_app;
  GRANT UPDATE (debits_pending, debits_posted, credits_pending, credits_posted) ON ledger_account TO sundry_app;
  REVOKE UPDATE ON SEQUENCE ledger_position FROM sundry_app;
END $$
"""
_ARE_WHOLE: Final = """
SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = 'sundry_app') AND NOT EXISTS (
  SELECT FROM pg_class AS c WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
    AND relowner = current_user::regrole AND NOT has_table_privilege(
      (SELECT oid FROM pg_roles WHERE rolname = 'sundry_app'), c.oid, 'INSERT')
)
"""


def grant(cursor: Any) -> None:
    """Give the role its rights to the tables of whoever is connected, and make it where it is not there.

    psycopg.errors.InsufficientPrivilege (as the cursor wraps it): who is connected may not.
    """
    cursor.execute(_RIGHTS)


def are_whole(cursor: Any) -> bool:
    """Whether the role is there, and may use every table of whoever is connected."""
    cursor.execute(_ARE_WHOLE)
    return bool(cursor.fetchone()[0])
