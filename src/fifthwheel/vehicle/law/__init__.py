"""What rule sets are made of, and how a laden combination is measured against their rows; `vehicle.rules` is the way in."""
