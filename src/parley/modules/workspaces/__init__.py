"""The tenant: its members, roles, teams, invitations, API tokens."""
