"""The one way to the database: transactions that know their workspace, tables that classify every column."""
