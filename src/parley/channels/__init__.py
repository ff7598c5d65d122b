"""One outside world to a folder. Only `wiring` imports these; they implement the ports of the modules they feed."""
