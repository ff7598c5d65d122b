"""Which handlers an event has, what each is called in the queue, and how the failed ones are run again."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from parley.core import jobs
from parley.core.db.tx import Database, Tx
from parley.core.errors import AppError
from parley.core.jobs import JobCall, JobKind
from parley.modules.realtime.ports import Handler, HandlerTable
from parley.modules.realtime.types import Event

JOB = "run_handler"


class UnknownHandlerError(AppError):
    """A handler waits in the queue that this release does not have; the job is held until somebody looks."""

    code = "handler_unknown"
    status = 500


class Dispatcher:
    """The table of handlers, resolved per event type.

    A handler's name is where it stands in the code, or its attribute `name`; two of one name would be run twice
    when one of them fails, so they are refused.
    """

    def __init__(self, table: HandlerTable) -> None:
        self._table = table
        self._by_type: dict[str, Sequence[Handler]] = {}
        self._by_name: dict[str, Handler] = {}
        for handlers in table.values():
            for handler in handlers:
                known = self._by_name.setdefault(handler_name(handler), handler)
                if known is not handler:
                    raise ValueError(
                        f"Two event handlers are called {handler_name(handler)}; give one a `name`."
                    )

    def handlers(self, event: Event) -> Sequence[Handler]:
        """List the handlers of an event: those for its type, then for `noun.*`, then for `*`; each once."""
        found = self._by_type.get(event.type)
        if found is None:
            keys = (event.type, f"{event.noun}.*", "*")
            found = tuple(dict.fromkeys(handler for key in keys for handler in self._table.get(key, ())))
            self._by_type[event.type] = found
        return found

    def named(self, name: str) -> Handler:
        """Find a handler by its name, or raise `UnknownHandlerError`."""
        try:
            return self._by_name[name]
        except KeyError:
            raise UnknownHandlerError(handler=name) from None


def handler_name(handler: Handler) -> str:
    """Tell a handler's lasting name."""
    named = getattr(handler, "name", None)
    return named if isinstance(named, str) else f"{handler.__module__}.{handler.__qualname__}"


async def enqueue_handler(tx: Tx, handler: Handler, event: Event, *, delay: float = 0.0) -> None:
    """Have a handler run by a worker, with retries, exactly if this transaction commits."""
    await jobs.enqueue(tx, JOB, delay=delay, handler=handler_name(handler), event=_written(event))


def handler_job(database: Database, handlers: HandlerTable) -> JobKind:
    """Make the kind of job that runs one handler for one event, each in a transaction of its own."""
    dispatcher = Dispatcher(handlers)

    async def run(call: JobCall) -> None:
        handler = dispatcher.named(str(call.args["handler"]))
        event = _read(call.workspace_id, call.args["event"])
        async with database.workspace_tx(call.workspace_id) as tx:
            await handler(tx, event)

    return JobKind(JOB, run)


def _written(event: Event) -> dict[str, Any]:
    # The whole event, because the log may have forgotten it by the time the job runs.
    return {"seq": event.seq, "id": event.id, "type": event.type, "ids": event.ids, "at": event.at}


def _read(workspace_id: uuid.UUID, data: dict[str, Any]) -> Event:
    at = dt.datetime.fromisoformat(data["at"])
    return Event(workspace_id, data["seq"], uuid.UUID(data["id"]), data["type"], data["ids"], at)
