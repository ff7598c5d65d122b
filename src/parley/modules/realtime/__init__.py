"""The event log, the relay that numbers it, and the sockets that carry it."""
