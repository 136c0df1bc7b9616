"""The law as data, and a combination held against it: what the rest of the package uses of `rulebook` and `limits`.

``rule_set("gb1589-2016")`` reads a set or a user's file, `gross_limit_kg` and `group_limit_kg` say what it allows.
"""

from __future__ import annotations

from fifthwheel.vehicle.limits import gross_limit_kg, group_limit_kg
from fifthwheel.vehicle.rulebook import Row, RuleSet, names, rule_set, usual

__all__ = ["Row", "RuleSet", "gross_limit_kg", "group_limit_kg", "names", "rule_set", "usual"]
