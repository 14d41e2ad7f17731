"""What a lead accepted has its own table

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

from data.migrations.acceptances import move

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "jury_acceptance",
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("study_id", "mark"),
    )
    move(op.get_bind())
