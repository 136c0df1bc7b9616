"""Rule set ``vecto-2.2``: a truck's declared fuel by the quasi-static 1 Hz method of VECTO 2.2, restated in our own words."""
