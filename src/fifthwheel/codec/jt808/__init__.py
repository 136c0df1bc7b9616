"""JT/T 808-2011, 2013 and 2019: the Chinese position and status protocol of commercial vehicles."""
