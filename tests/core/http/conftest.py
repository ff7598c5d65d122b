"""A loopback server whose every move a test decides, and names that resolve as a test says."""

import asyncio
import datetime as dt
import ipaddress
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Play = Callable[["Visit"], Awaitable[None]]


class Visit:
    """One connection to the server."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, server: "Server") -> None:
        self.reader, self.writer, self.server = reader, writer, server

    async def read_request(self) -> bytes:
        """Read one request with its whole body and keep it in `server.requests`."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = 0
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        request = head + await self.reader.readexactly(length)
        self.server.requests.append(request)
        return request

    async def answer(self, body: bytes = b"{}", status: str = "200 OK", headers: str = "") -> None:
        """Answer with a complete response."""
        head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
        self.writer.write(head.encode() + body)
        await self.writer.drain()


async def polite(visit: Visit) -> None:
    while True:
        await visit.read_request()
        await visit.answer()


class Server:
    """Listens on loopback; `play` says what happens on a connection."""

    def __init__(self, play: Play) -> None:
        self.play = play
        self.requests: list[bytes] = []
        self.connections = 0
        self.names: list[str | None] = []
        self.port = 0

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            await self.play(Visit(reader, writer, self))
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()


@pytest.fixture
async def serve(
    tls: tuple[ssl.SSLContext, ssl.SSLContext],
) -> AsyncIterator[Callable[..., Awaitable[Server]]]:
    async with AsyncExitStack() as stack:

        async def start(play: Play = polite, *, secure: bool = False) -> Server:
            server = Server(play)
            context = tls[0] if secure else None
            if context is not None:

                def note_name(_socket: object, name: str | None, _context: ssl.SSLContext) -> None:
                    server.names.append(name)

                context.sni_callback = note_name
            listener = await asyncio.start_server(server.handle, "127.0.0.1", 0, ssl=context)
            server.port = listener.sockets[0].getsockname()[1]

            async def stop() -> None:
                listener.close()
                if hasattr(listener, "close_clients"):
                    listener.close_clients()
                await listener.wait_closed()

            stack.push_async_callback(stop)
            return server

        yield start


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's and a client's TLS for the names shop.example and rebind.example."""
    folder: Path = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = dt.datetime.now(dt.UTC)
    names = [x509.DNSName("shop.example"), x509.DNSName("rebind.example")]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([*names, x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return server, ssl.create_default_context(cafile=folder / "cert.pem")
