"""What a vehicle was chosen for: promises."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "promises",
        sa.Column("vehicle_id", sa.Text, nullable=False),
        sa.Column("start_us", sa.BigInteger, nullable=False),
        sa.Column("end_us", sa.BigInteger, nullable=True),
        sa.Column("made_us", sa.BigInteger, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("duty", sa.JSON, nullable=False),
        sa.Column("candidate", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("vehicle_id", "start_us", name="pk_promises"),
        sa.ForeignKeyConstraint(["vehicle_id"], ["vehicles.vehicle_id"], name="fk_promises_vehicle_id"),
        sa.CheckConstraint("end_us > start_us", name="interval"),
    )
    lasting = sa.text("end_us IS NULL")
    op.create_index("uq_promises_open", "promises", ["vehicle_id"], unique=True, sqlite_where=lasting, postgresql_where=lasting)


def downgrade() -> None:
    """Drop it."""
    op.drop_table("promises")
