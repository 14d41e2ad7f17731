"""The ledger's rows stay, also where they are inserted again

Revision ID: 0003
Revises: 0002
"""

from alembic import op

revision = "0003"
down_revision = "0002"

KEYS = {
    "jury_call": ("key",),
    "jury_attempt": ("key", "number"),
    "jury_reply": ("key", "number"),
}


def upgrade() -> None:
    """On SQLite an INSERT OR REPLACE would remove a row without firing the trigger on DELETE.

    It is passed over, not refused: the ledger itself inserts again what it may have written before.
    """
    if op.get_bind().dialect.name != "sqlite":
        return
    for table, keys in KEYS.items():
        same = " AND ".join(f"{key} = NEW.{key}" for key in keys)
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) BEGIN SELECT RAISE(IGNORE); END"
        )
