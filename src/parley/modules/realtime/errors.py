"""How following the event log fails."""

from parley.core.errors import AppError


class EventsExpiredError(AppError):
    """The log does not reach back to the asked number, or has never come that far: what the caller holds is no base."""

    code = "events_expired"
    status = 410
    message = "These events are no longer kept. Ask without `after` for the newest number, fetch everything anew, go on from there."


class TicketError(AppError):
    """A ticket that is not ours, is for nobody any more, or is older than its minute."""

    code = "unauthenticated"
    status = 401
    message = "This ticket is not valid or no longer valid. Ask for a new one."
