"""What arrived: vendors' calls as envelopes and items, routed, sealed, processed once, quarantined, replayed."""
