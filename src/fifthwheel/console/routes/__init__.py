"""One file a subject; each `routes` turns fleet verbs into paths and adds nothing of its own."""
