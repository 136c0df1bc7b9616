"""Log files into the lake: candump text, MF4 and the logs of other tools, with a user's DBC."""
