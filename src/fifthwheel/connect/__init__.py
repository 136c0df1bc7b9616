"""From a socket or a file to the lake: gateway, sessions, enrolment, durable journal, pipeline, importers."""
