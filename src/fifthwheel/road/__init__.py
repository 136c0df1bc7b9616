"""Where it goes: mission, distance profile (grade, speed limit, stops), weather."""
