"""GB 17691-2018 annex Q and HJ 1239-2021: the 1 Hz engine stream of China VI trucks."""
