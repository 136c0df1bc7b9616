"""Trips, the closed energy account, what it rests on."""
