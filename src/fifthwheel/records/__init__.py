"""People, vehicles, identities, dated couplings: SQL."""

from fifthwheel.records.entities import AuditEntry, Coupling, Driver, Enrolment, Identity, PromiseRecord, VehicleRecord
from fifthwheel.records.repositories import Records

__all__ = ["AuditEntry", "Coupling", "Driver", "Enrolment", "Identity", "PromiseRecord", "Records", "VehicleRecord"]
