"""The console: one page with a nonce of its own each time, files for ever, help when it is not built."""

import datetime as dt
import gzip
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import ASGIApp

from parley.core import clock
from parley.core.settings import Settings
from parley.core.web.access import RequestCounters
from parley.core.web.app import wall_in
from parley.core.web.cookies import CSRF
from parley.core.web.pages import Pages
from parley.core.web.policy import edge_policy
from parley.core.web.problem import install_problems

POLICY = edge_policy(Settings(mode="demo", port=8000, files_url="https://files.example.org"))
SCRIPT = b"console.log('parley');" * 100


@pytest.fixture
def build(tmp_path: Path) -> Path:
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / ".vite").mkdir()
    (folder / ".vite" / "manifest.json").write_text("{}")
    (folder / "index.html").write_text('<meta nonce="__CSP_NONCE__"><div id="root"></div>')
    (folder / "assets" / "index-abc.js").write_bytes(SCRIPT)
    (folder / "assets" / "style-abc.css").write_text("a{}")
    (folder / "assets" / "packed-abc.js").write_bytes(SCRIPT)
    (folder / "assets" / "packed-abc.js.br").write_bytes(b"brotli")
    (folder / "assets" / "index-abc.js.map").write_text("{}")
    (folder / "icon.svg").write_text("<svg/>")
    (tmp_path / "secret.txt").write_text("secret")
    return folder


Browse = Callable[[Path], httpx.AsyncClient]


@pytest.fixture
async def browse() -> AsyncIterator[Browse]:
    opened: list[httpx.AsyncClient] = []

    def make(folder: Path) -> httpx.AsyncClient:
        app = FastAPI(redirect_slashes=False)
        app.router.default = Pages(POLICY, folder=folder)
        install_problems(app)
        walled: ASGIApp = wall_in(app, POLICY, RequestCounters())
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(walled),
            base_url="http://localhost:8000",
            headers={"Accept-Encoding": "identity"},
        )
        opened.append(client)
        return client

    yield make
    for client in opened:
        await client.aclose()


async def test_every_address_is_the_same_page_with_a_nonce_of_its_own(browse: Browse, build: Path) -> None:
    client = browse(build)
    nonces = set()
    for path in ("/", "/inbox", "/inbox/42/x.y", "/index.html"):
        response = await client.get(path)
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/html; charset=utf-8"
        assert response.headers["cache-control"] == "no-store"
        nonce = response.text.partition('nonce="')[2].partition('"')[0]
        assert len(nonce) >= 22
        assert f"'nonce-{nonce}'" in response.headers["content-security-policy"]
        assert "https://files.example.org" in response.headers["content-security-policy"]
        assert "__CSP_NONCE__" not in response.text
        nonces.add(nonce)
    assert len(nonces) == 4


async def test_a_page_brings_the_token_against_forgery(browse: Browse, build: Path) -> None:
    client = browse(build)
    assert (await client.get("/")).headers["set-cookie"].startswith(f"{CSRF}=")
    assert "set-cookie" not in (await client.get("/assets/index-abc.js")).headers


async def test_hashed_files_are_kept_for_ever_and_packed(browse: Browse, build: Path) -> None:
    client = browse(build)
    plain = await client.get("/assets/index-abc.js")
    assert plain.content == SCRIPT
    assert plain.headers["content-type"] == "text/javascript; charset=utf-8"
    assert plain.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert plain.headers["vary"] == "Accept-Encoding"
    async with client.stream(
        "GET", "/assets/index-abc.js", headers={"Accept-Encoding": "br, gzip"}
    ) as packed:
        assert packed.headers["content-encoding"] == "gzip"
        raw = b"".join([chunk async for chunk in packed.aiter_raw()])
    assert gzip.decompress(raw) == SCRIPT
    async with client.stream(
        "GET", "/assets/packed-abc.js", headers={"Accept-Encoding": "gzip, br"}
    ) as packed:
        assert packed.headers["content-encoding"] == "br"
    assert "content-encoding" not in (await client.get("/assets/style-abc.css")).headers
    assert "immutable" not in (await client.get("/icon.svg")).headers["cache-control"]


@pytest.mark.parametrize(
    "path", ["/assets/gone-abc.js", "/assets/index-abc.js.map", "/assets/../../secret.txt", "/api/v1/x"]
)
async def test_what_is_not_there_is_no_page(browse: Browse, build: Path, path: str) -> None:
    response = await browse(build).get(path)
    assert response.status_code == 404 or "secret" not in response.text
    assert "secret" not in response.text


async def test_hidden_files_of_the_build_are_not_served(browse: Browse, build: Path) -> None:
    assert 'id="root"' in (await browse(build).get("/.vite/manifest.json")).text


async def test_without_a_build_there_is_help(browse: Browse, tmp_path: Path) -> None:
    response = await browse(tmp_path / "nowhere").get("/inbox")
    assert response.status_code == 503
    assert "bin/run" in response.text
    assert "__" not in response.text
    nonce = response.text.partition('nonce="')[2].partition('"')[0]
    assert f"'nonce-{nonce}'" in response.headers["content-security-policy"]


async def test_security_txt_is_there(browse: Browse, build: Path) -> None:
    response = await browse(build).get("/.well-known/security.txt")
    assert response.headers["content-type"].startswith("text/plain")
    fields = dict(line.split(": ", 1) for line in response.text.splitlines())
    assert fields["Contact"] == "http://localhost:8000/"
    assert dt.datetime.fromisoformat(fields["Expires"]) > clock.now()
