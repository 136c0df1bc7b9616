"""A choice as people see it: rows, candidates, sentences, the printed offer; the verbs are in `fleet.choose`."""
