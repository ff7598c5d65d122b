"""WhatsApp's customer service window: free words for 24 hours from the contact's last message, then templates.

Source: developers.facebook.com/docs/whatsapp/conversation-types (Customer service windows). Only what the contact
writes opens it; what the business sends, and notices without an author, do not.
"""

import datetime as dt

from parley.modules.conversations.types import Window, WindowRule

LENGTH = dt.timedelta(hours=24)


def window(last_inbound_at: dt.datetime | None, now: dt.datetime) -> Window:
    """Decide whether free words may be sent at `now`, and until when; both times are aware."""
    if last_inbound_at is None:
        return Window(
            is_open=False,
            closes_at=None,
            allowed=WindowRule.TEMPLATES,
            code="window_never_opened",
            message="This contact has not written to this number yet. WhatsApp allows only an approved template until they do.",
        )
    closes_at = last_inbound_at + LENGTH
    if now < closes_at:
        return Window(is_open=True, closes_at=closes_at, allowed=WindowRule.ANYTHING)
    return Window(
        is_open=False,
        closes_at=closes_at,
        allowed=WindowRule.TEMPLATES,
        code="window_closed",
        message="More than 24 hours have passed since the contact last wrote. WhatsApp allows only an approved template until they write again.",
    )
