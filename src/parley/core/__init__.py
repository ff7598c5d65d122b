"""What would be just as useful to a different product: database, jobs, sealing, settings. Knows no module and no channel."""
