"""How taking in fails: always so that the vendor calls again."""

from parley.core.errors import AppError


class OverloadedError(AppError):
    code = "overloaded"
    status = 503
    message = "Too much is arriving at once. Call again in a few seconds."


class ItemStateError(AppError):
    code = "item_not_replayable"
    status = 409
    message = "Only items in quarantine, or processed ones that are still kept, can be replayed."
