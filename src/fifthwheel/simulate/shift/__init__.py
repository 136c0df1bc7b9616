"""The driveline transient of a dual-clutch transmission at 1 ms, and shifts driven through it by the real control unit."""
