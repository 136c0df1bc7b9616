"""The articulated vehicle in the plane: linear single-track analysis, the non-linear plant at 1 ms, and low-speed kinematics."""
