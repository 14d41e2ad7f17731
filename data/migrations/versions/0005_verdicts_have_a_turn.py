"""Verdicts have a turn

Revision ID: 0005
Revises: 0004
"""

from alembic import op

from data.migrations.turns import add

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Which verdict is the last is told by counting: a clock may jump back."""
    add(op.get_bind())
