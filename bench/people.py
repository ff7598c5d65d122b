"""A workspace to measure in, with a connected WhatsApp number and signed-in agents, through the product's own actions."""

import dataclasses
import uuid

from bench.webhooks import NUMBER
from parley.core.ids import new_id
from parley.core.resources import Resources
from parley.modules.accounts.actions import create_user, start_session
from parley.modules.accounts.passwords import hash_password
from parley.modules.inboxes.actions import connect_inbox
from parley.modules.inboxes.types import CheckResult
from parley.modules.workspaces.actions import add_member, create_workspace
from parley.modules.workspaces.types import Role


@dataclasses.dataclass(frozen=True, slots=True)
class Agent:
    """A member, and the cookie of their session."""

    member_id: uuid.UUID
    session: str


@dataclasses.dataclass(frozen=True, slots=True)
class Office:
    """Where the messages go."""

    workspace_id: uuid.UUID
    inbox_id: uuid.UUID
    agents: tuple[Agent, ...]


async def open_office(house: Resources, agents: int = 1) -> Office:
    """Make a workspace of an owner and so many agents, and connect its number."""
    workspace_id = new_id()
    secret = await hash_password(house.root_key, "correct horse battery", cost=4)
    made: list[Agent] = []
    async with house.database.workspace_tx(workspace_id) as tx:
        await create_workspace(tx, name="Bench")
    for number in range(agents + 1):
        async with house.database.workspace_tx(workspace_id) as tx:
            name = f"Agent {number}"
            user = await create_user(tx, email=f"agent-{number}@example.org", name=name, secret=secret)
            role = Role.AGENT if number else Role.OWNER
            scope = await add_member(tx, user_id=user, display_name=name, role=role)
            assert scope.member_id is not None
            if number:
                session = await start_session(tx, user, workspace_id, "Firefox on Linux")
                made.append(Agent(scope.member_id, session))
                continue
            inbox_id = await connect_inbox(
                tx,
                scope,
                house.sealer,
                channel="whatsapp",
                app=house.settings.meta_app_id,
                name="WhatsApp",
                settings={"access_token": "none"},
                checked=CheckResult(NUMBER, {"title": "Bench"}),
            )
    return Office(workspace_id, inbox_id, tuple(made))
