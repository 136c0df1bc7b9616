"""Bytes to messages and back; no sockets, no clocks; every protocol folder has the same file names."""
