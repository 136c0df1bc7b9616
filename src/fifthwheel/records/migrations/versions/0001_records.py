"""The records: vehicles, identities, drivers, dated couplings, enrolments, beliefs, audit."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None

_TABLES: Final = ("audit", "beliefs", "enrolments", "couplings", "assignments", "drivers", "identities", "vehicles")
_OVERLAP: Final = """
    SELECT 1 FROM couplings AS other
    WHERE (other.trailer_id = NEW.trailer_id OR other.tractor_id = NEW.tractor_id)
      AND NOT (other.trailer_id = NEW.trailer_id AND other.start_us = NEW.start_us)
      AND (NEW.end_us IS NULL OR other.start_us < NEW.end_us)
      AND (other.end_us IS NULL OR other.end_us > NEW.start_us)
"""
_SQLITE: Final = """
    CREATE TRIGGER couplings_overlap_{event} BEFORE {event} ON couplings WHEN EXISTS ({overlap})
    BEGIN SELECT RAISE(ABORT, 'couplings overlap'); END
"""
_POSTGRESQL: Final = """
    CREATE FUNCTION couplings_overlap() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF EXISTS ({overlap}) THEN RAISE EXCEPTION 'couplings overlap' USING ERRCODE = 'exclusion_violation'; END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER couplings_overlap BEFORE INSERT OR UPDATE ON couplings FOR EACH ROW EXECUTE FUNCTION couplings_overlap()
"""


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=nullable)


def _refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}")


def upgrade() -> None:
    """Create everything."""
    _create_vehicles()
    _create_couplings()
    _create_rest()
    if op.get_bind().dialect.name == "sqlite":
        for event in ("INSERT", "UPDATE"):
            op.execute(_SQLITE.format(event=event, overlap=_OVERLAP))
    else:
        op.execute(_POSTGRESQL.format(overlap=_OVERLAP))


def _create_vehicles() -> None:
    op.create_table(
        "vehicles",
        _text("vehicle_id"),
        _text("plate"),
        _text("kind"),
        _text("combination", nullable=True),
        _text("vin", nullable=True),
        _text("phone", nullable=True),
        _time("created_us"),
        sa.PrimaryKeyConstraint("vehicle_id", name="pk_vehicles"),
        *(sa.UniqueConstraint(name, name=f"uq_vehicles_{name}") for name in ("plate", "vin", "phone")),
        sa.CheckConstraint("kind IN ('tractor', 'rigid', 'trailer', 'unknown')", name="kind"),
        sa.CheckConstraint("plate <> ''", name="plate"),
    )
    op.create_table(
        "identities",
        _text("wire"),
        _text("value"),
        _text("vehicle_id"),
        sa.PrimaryKeyConstraint("wire", "value", name="pk_identities"),
        _refers("identities", "vehicle_id", "vehicles.vehicle_id"),
        sa.CheckConstraint("wire IN ('jt808', 'vin', 'plate')", name="wire"),
    )
    op.create_index("ix_identities_vehicle_id", "identities", ["vehicle_id"])
    op.create_table("drivers", _text("driver_id"), _text("name"), sa.PrimaryKeyConstraint("driver_id", name="pk_drivers"))
    op.create_table(
        "assignments",
        _text("vehicle_id"),
        _time("start_us"),
        _text("driver_id", nullable=True),
        sa.PrimaryKeyConstraint("vehicle_id", "start_us", name="pk_assignments"),
        _refers("assignments", "vehicle_id", "vehicles.vehicle_id"),
        _refers("assignments", "driver_id", "drivers.driver_id"),
    )


def _create_couplings() -> None:
    op.create_table(
        "couplings",
        _text("tractor_id"),
        _text("trailer_id"),
        _time("start_us"),
        _time("end_us", nullable=True),
        sa.PrimaryKeyConstraint("trailer_id", "start_us", name="pk_couplings"),
        _refers("couplings", "tractor_id", "vehicles.vehicle_id"),
        _refers("couplings", "trailer_id", "vehicles.vehicle_id"),
        sa.CheckConstraint("end_us > start_us", name="interval"),
        sa.CheckConstraint("tractor_id <> trailer_id", name="pair"),
    )
    op.create_index("ix_couplings_tractor", "couplings", ["tractor_id", "start_us"])
    lasting = sa.text("end_us IS NULL")
    for role in ("trailer", "tractor"):
        name = f"uq_couplings_open_{role}"
        op.create_index(name, "couplings", [f"{role}_id"], unique=True, sqlite_where=lasting, postgresql_where=lasting)


def _create_rest() -> None:
    op.create_table(
        "enrolments",
        *(_text(name) for name in ("wire", "identity", "vehicle_id", "terminal_id", "secret_hash")),
        _time("enrolled_us"),
        _time("rotated_us"),
        sa.PrimaryKeyConstraint("wire", "identity", name="pk_enrolments"),
        _refers("enrolments", "vehicle_id", "vehicles.vehicle_id"),
        sa.CheckConstraint("wire IN ('jt808', 'vin', 'plate')", name="wire"),
    )
    op.create_index("ix_enrolments_vehicle_id", "enrolments", ["vehicle_id"])
    op.create_table(
        "beliefs", _text("key"), sa.Column("belief", sa.JSON, nullable=False), sa.PrimaryKeyConstraint("key", name="pk_beliefs")
    )
    op.create_table(
        "audit",
        sa.Column("audit_id", sa.Integer, nullable=False),
        _time("time_us"),
        *(_text(name) for name in ("who", "what", "detail")),
        sa.PrimaryKeyConstraint("audit_id", name="pk_audit"),
    )
    op.create_index("ix_audit_time_us", "audit", ["time_us"])


def downgrade() -> None:
    """Drop everything."""
    for name in _TABLES:
        op.drop_table(name)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION couplings_overlap()")
