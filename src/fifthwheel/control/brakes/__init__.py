"""Combined braking of tractor and semi-trailer: one demand shared over regeneration, endurance brakes and friction."""
