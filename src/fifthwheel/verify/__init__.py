"""Requirement x scenario -> verdict; every control unit and plant delivered as FMU, MDF4, A2L and over XCP."""
