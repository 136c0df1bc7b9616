"""GB/T 32960.3-2016 and 2025: remote service of new-energy vehicles."""
