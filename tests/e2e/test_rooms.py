"""Every room of the console, in both schemes, wide and narrow: no serious fault for axe, nothing wider than the screen."""

import re
from typing import Any, Literal

import pytest
from playwright.async_api import Browser, Page, expect
from tests.builders import PASSWORD, Person
from tests.e2e.conftest import axe_faults
from tests.shop import Shop

ROOMS = {
    "/inbox": "Conversations",
    "/settings/profile": "",
    "/settings/team": "",
    "/settings/channels": "",
    "/settings/tokens": "",
    "/settings/items": "",
}


async def enter(page: Page, shop: Shop, person: Person) -> None:
    await page.goto(f"{shop.base_url.replace('127.0.0.1', 'localhost')}/sign-in")
    await page.get_by_label("Email").fill(person.email)
    await page.get_by_label(re.compile("^Password")).fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("region", name="Conversations")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_room_is_clean(
    shop: Shop, browser: Browser, scheme: Literal["light", "dark"], width: int
) -> None:
    await shop.writes("amir", text="مرحبا، هل تشحنون القهوة إلى دبي؟ أحتاج إلى كيلوغرامين قبل نهاية الأسبوع.")
    await shop.writes(
        "mia", text="Donaudampfschifffahrtsgesellschaftskapitänskaffeetassenuntersetzer, bitte! " * 4
    )
    conversation = await shop.first_conversation()
    context = await browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce", locale="en-GB"
    )
    faults: list[str] = []
    page = await context.new_page()
    page.on("pageerror", lambda error: faults.append(f"error: {error}"))
    await enter(page, shop, shop.office.owner)
    host = shop.base_url.replace("127.0.0.1", "localhost")
    for path in [*ROOMS, f"/inbox/{conversation['id']}"]:
        await page.goto(host + path)
        await expect(page.get_by_role("main")).to_be_visible()
        await page.wait_for_load_state("networkidle")
        wide: Any = await page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if wide > 0:
            faults.append(f"{path}: {wide} pixels wider than the screen")
        faults += [f"{path}: {fault}" for fault in await axe_faults(page)]
    await context.close()
    assert faults == []


async def test_what_happens_shows_on_a_colleagues_screen_by_itself(shop: Shop, browser: Browser) -> None:
    await shop.writes("mia", text="Is my parcel on its way?")
    context = await browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    page = await context.new_page()
    await enter(page, shop, shop.office.manager)
    row = page.get_by_role("link", name=re.compile("parcel on its way"))
    await row.click()
    thread = page.get_by_role("log", name="Messages")
    await expect(thread.get_by_text("Is my parcel on its way?")).to_be_visible()
    conversation = await shop.first_conversation()
    await shop.agent.post(
        f"/conversations/{conversation['id']}/messages",
        {"text": "It left this morning.", "client_id": "0198c0de-0000-7000-8000-000000000001"},
    )
    await expect(thread.get_by_text("It left this morning.")).to_be_visible()
    await shop.writes("mia", text="Wonderful, thank you!")
    await expect(thread.get_by_text("Wonderful, thank you!")).to_be_visible()
    await context.close()


async def test_a_failed_message_says_why_and_can_be_sent_again(shop: Shop, browser: Browser) -> None:
    await shop.writes("mia", text="Hello?")
    await shop.first_conversation()
    context = await browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    page = await context.new_page()
    await enter(page, shop, shop.office.agent)
    await page.get_by_role("link", name=re.compile("Hello")).click()
    # The vendor no longer takes the token, for read marks as for messages; then it does again.
    await shop.control(
        "knobs", {"fail_next": {"code": 190, "http_status": 401, "count": 99, "on": "messages"}}
    )
    await page.get_by_placeholder(re.compile("Write to")).fill("Good morning!")
    await page.keyboard.press("Control+Enter")
    retry = page.get_by_role("button", name="Try again")
    await expect(retry).to_be_visible(timeout=15_000)
    await shop.control("knobs", {"fail_next": None})
    await retry.click()
    await expect(
        page.get_by_role("log", name="Messages").get_by_role("img", name=re.compile("Read|Delivered|Sent"))
    ).to_be_visible(timeout=15_000)
    assert len([o for o in await shop.outbox() if "Good morning!" in str(o)]) == 1
    await context.close()
