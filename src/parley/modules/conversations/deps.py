"""What the routes of conversations ask for besides caller and transaction."""

from typing import Annotated

from fastapi import Depends, Request

from parley.modules.conversations.services import Services


async def _services(request: Request) -> Services:
    found: Services = request.app.state.conversations
    return found


Desk = Annotated[Services, Depends(_services)]
