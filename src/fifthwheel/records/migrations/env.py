"""Runs revisions on the connection that `Records.open` hands over."""

from alembic import context

from fifthwheel.records.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
