"""A real browser on the running shop: Debian's Chromium, the built console, Meta's stand-in with its phone."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright
from tests.shop import Shop, open_shop

from parley.core.resources import Resources

ROOT = Path(__file__).parents[2]
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture
async def shop(house: Resources) -> AsyncIterator[Shop]:
    assert (ROOT / "frontend/console/dist/index.html").exists(), (
        "The console is not built: run bin/test, which builds it."
    )
    async with open_shop(house) as opened:
        yield opened


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield launched
        await launched.close()


@pytest.fixture
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    made = await browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    made.set_default_timeout(15_000)
    yield made
    await made.close()


@pytest.fixture
async def faults(context: BrowserContext) -> list[str]:
    """Collect what the browser complains about: errors, refused content, failed requests to us."""
    found: list[str] = []

    def watch(page: Page) -> None:
        page.on("pageerror", lambda error: found.append(f"error: {error}"))
        page.on("console", lambda said: found.append(said.text) if said.type == "error" else None)
        page.on(
            "response", lambda got: found.append(f"{got.status} {got.url}") if got.status >= 500 else None
        )

    context.on("page", watch)
    return found


async def axe_faults(page: Page) -> list[str]:
    """Run axe-core on the page and list what is serious."""
    # evaluate, not a script tag: the page's own policy refuses foreign scripts.
    await page.evaluate(AXE.read_text())
    result = await page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{v['id']}: {v['nodes'][0]['html'][:160]}"
        for v in result["violations"]
        if v["impact"] in {"serious", "critical"}
    ]
