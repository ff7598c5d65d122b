"""Who may see and do what with conversations: the one place where visibility inside a workspace is decided."""

from parley.core.scope import Scope

VISIBLE = "true"
"""The condition on `app.conversation c` that a viewer's role allows; every list, count and lookup applies it."""


def can_read(scope: Scope) -> bool:
    """Tell whether the scope may read conversations at all."""
    return scope.may("conversations.read")
