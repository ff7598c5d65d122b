"""The database's history, linear: additive first, removal a release later. Run by `core.db.migrate`."""
