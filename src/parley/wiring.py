"""Who plugs in where: channels, event handlers, jobs. Routes are listed in `routes`, what sockets carry in `loaders`."""

import uuid
from collections.abc import Mapping
from typing import Any

import asyncpg

from parley.channels.meta.hook import MetaHook
from parley.channels.whatsapp.adapter import WhatsApp
from parley.core.db.tx import Tx
from parley.core.jobs import JobCall, JobKind
from parley.core.limits import Pacer
from parley.core.resources import Resources
from parley.modules.conversations import actions as conversation_actions
from parley.modules.conversations.attached import files_in_use
from parley.modules.conversations.media import MediaFetcher
from parley.modules.conversations.sending import Sender
from parley.modules.conversations.services import Services
from parley.modules.conversations.signals import Signals
from parley.modules.files.jobs import FileJobs
from parley.modules.files.store import FileStore
from parley.modules.files.urls import FileUrls
from parley.modules.ingest.actions import forget_items
from parley.modules.ingest.receiver import Receiver
from parley.modules.ingest.unpark import unpark_for_message
from parley.modules.realtime.dispatch import handler_job
from parley.modules.realtime.ports import HandlerTable
from parley.modules.realtime.relay import prune
from parley.modules.realtime.types import Event


class Wiring:
    """Everything of one process, connected. Both doors, web and worker, take what they need from it."""

    def __init__(self, resources: Resources) -> None:
        settings = resources.settings
        self.resources = resources
        self.whatsapp = WhatsApp(
            resources.outgoing,
            graph_url=settings.meta_graph_url,
            graph_version=settings.meta_graph_version,
            app_id=settings.meta_app_id,
            hook_url=f"{settings.base_url}/hooks/meta",
            verify_token=settings.meta_verify_token,
        )
        self.channels = {self.whatsapp.channel: self.whatsapp}
        self.file_urls = FileUrls(resources.root_key.derive("file addresses"), settings.files_url)
        self.files = FileStore(resources.storage, resources.sealer)
        self.services = Services(resources.sealer, self.channels, self.file_urls, self.files)

    def hook(self, receiver: Receiver) -> MetaHook:
        """Make the application behind `/hooks/*`."""
        settings = self.resources.settings
        return MetaHook(
            receiver,
            self.whatsapp,
            app=settings.meta_app_id,
            secrets=(settings.meta_app_secret,),
            verify_tokens=(settings.meta_verify_token,),
        )

    def receiver(self, pool: "asyncpg.Pool[asyncpg.Record]") -> Receiver:
        """Make what takes in vendors' calls; `pool` signs in as the ingest role."""
        return Receiver(pool, self.resources.keystore, self.resources.bell)

    def state(self) -> Mapping[str, Any]:
        """Name what routes find beside the open house."""
        return {
            "conversations": self.services,
            "connectors": self.channels,
        }

    def handlers(self) -> HandlerTable:
        """List who reacts to which event, with the database alone."""
        return {"message.sent": [_unpark]}

    def jobs(self) -> Mapping[str, JobKind]:
        """List the kinds of jobs that a worker runs."""
        database, services, files = self.resources.database, self.services, self.files
        sender = Sender(database, services, files, Pacer())
        media = MediaFetcher(database, services, files)
        signals = Signals(database, services)
        file_jobs = FileJobs(database, files, files_in_use)

        async def wake_conversation(call: JobCall) -> None:
            async with database.workspace_tx(call.workspace_id) as tx:
                await conversation_actions.wake(tx, call.id("conversation"))

        async def tidy(call: JobCall) -> None:
            async with database.workspace_tx(call.workspace_id) as tx:
                await forget_items(tx)
                await prune(tx)
                await tx.run(
                    "DELETE FROM app.idempotency_key WHERE workspace_id = $1 AND created_at < now() - interval '1 day'",
                    call.workspace_id,
                )
            await file_jobs.sweep_files(call)

        kinds = (
            JobKind("send_message", sender.send, concurrency=20),
            JobKind("send_reaction", signals.send_reaction, concurrency=5),
            JobKind("mark_read", signals.mark_read, concurrency=5, max_attempts=1),
            JobKind("fetch_media", media.fetch, concurrency=6),
            JobKind("wake_conversation", wake_conversation, concurrency=4),
            *file_jobs.kinds(),
            JobKind("tidy", tidy, concurrency=1),
            handler_job(database, self.handlers()),
        )
        return {kind.name: kind for kind in kinds}


async def _unpark(tx: Tx, event: Event) -> None:
    message_id = event.uuid("message")
    if message_id is not None:
        await unpark_for_message(tx, message_id)


async def workspaces(resources: Resources) -> list[uuid.UUID]:
    """List the installation's workspaces, for work that visits each."""
    async with resources.database.installation_tx() as tx:
        return [row[0] for row in await tx.all("SELECT directory.workspaces()")]
