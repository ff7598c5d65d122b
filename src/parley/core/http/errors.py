"""The ways an outgoing call fails, told apart by the one question that matters: may it have had an effect?

`was_sent` is False when surely nothing of the request left this machine, so it is safe to repeat; True when the
outcome is unknown, so that repeating could do a thing twice.
"""

from typing import ClassVar

from parley.core.errors import AppError


class OutgoingError(AppError):
    """Any failure of an outgoing call; an answer with an error status is not one."""

    code = "outgoing_failed"
    status = 502
    message = "The other side could not be reached."
    was_sent: ClassVar[bool] = True


class OutgoingRefusedError(OutgoingError):
    """We refuse to call this address; trying again changes nothing."""

    code = "outgoing_refused"
    status = 422
    message = (
        "This address may not be called: only public https addresses are allowed. "
        "The operator can allow a private one with PARLEY_PRIVATE_HOSTS."
    )
    was_sent = False


class OutgoingConnectError(OutgoingError):
    """Never reached: no name, no connection, no secure connection, or no free connection in time. Safe to repeat."""

    code = "outgoing_not_reached"
    status = 502
    message = "The other side could not be reached. Nothing was sent; it is safe to try again."
    was_sent = False


class OutgoingUnknownError(OutgoingError):
    """The request left, wholly or in part, and no complete answer came: the outcome is unknown.

    `data["answer_status"]` is there when the answer broke off after its status line.
    """

    code = "outgoing_unknown"
    status = 502
    message = "The other side did not answer, so it is not known whether it acted. Check there before you repeat it."


class OutgoingTimeoutError(OutgoingUnknownError):
    """The request left and no complete answer came in time: the outcome is unknown, as for its parent."""

    code = "outgoing_timeout"
    status = 504


class OutgoingTooLargeError(OutgoingError):
    """The answer is larger than the caller allows; `data["answer_status"]` says what its status was."""

    code = "outgoing_too_large"
    status = 502
    message = "The answer of the other side is larger than what is accepted."
