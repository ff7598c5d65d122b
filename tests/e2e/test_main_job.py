"""The main job with a real browser on both sides: the agent's console and the customer's phone."""

import re
from typing import Any

from playwright.async_api import BrowserContext, Page, expect
from tests.builders import PASSWORD
from tests.e2e.conftest import axe_faults
from tests.shop import Shop


async def sign_in(page: Page, shop: Shop) -> None:
    """Sign in as the agent through the form."""
    await page.goto(f"{shop.base_url.replace('127.0.0.1', 'localhost')}/sign-in")
    await page.get_by_label("Email").fill(shop.office.agent.email)
    await page.get_by_label(re.compile("^Password")).fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("region", name="Conversations")).to_be_visible()


async def test_written_on_the_phone_answered_in_the_console(
    shop: Shop, context: BrowserContext, faults: list[str]
) -> None:
    console = await context.new_page()
    await sign_in(console, shop)
    phone = await context.new_page()
    await phone.goto(f"{shop.simulator.base_url}/sim/#/chat/mia".replace("//sim", "/sim"))
    await phone.get_by_role("textbox").last.fill("Do you grind beans for an Aeropress?")
    await phone.keyboard.press("Enter")

    row = console.get_by_role("link", name=re.compile("Aeropress"))
    await expect(row).to_be_visible()
    await row.click()
    thread = console.get_by_role("log", name="Messages")
    await expect(thread.get_by_text("Do you grind beans for an Aeropress?")).to_be_visible()
    await console.get_by_placeholder(re.compile("Write to")).fill("We do! Fine or medium?")
    await console.keyboard.press("Control+Enter")
    await expect(thread.get_by_text("We do! Fine or medium?")).to_be_visible()

    await expect(phone.get_by_text("We do! Fine or medium?").first).to_be_visible()
    await phone.bring_to_front()
    await expect(thread.get_by_role("img", name=re.compile("Read|Delivered"))).to_be_visible()
    assert len([o for o in await shop.outbox() if "Fine or medium" in str(o)]) == 1
    assert await axe_faults(console) == []
    assert faults == []


async def test_a_note_is_seen_by_members_and_never_by_the_customer(
    shop: Shop, context: BrowserContext, faults: list[str]
) -> None:
    await shop.writes("mia", text="Hello?")
    await shop.first_conversation()
    console = await context.new_page()
    await sign_in(console, shop)
    await console.get_by_role("link", name=re.compile("Hello")).click()
    await expect(console.get_by_role("log", name="Messages").get_by_text("Hello?")).to_be_visible()
    await console.keyboard.press("n")
    await console.keyboard.type("She is a regular, be kind.")
    await console.keyboard.press("Control+Enter")
    await expect(console.get_by_role("log", name="Messages").get_by_text("She is a regular")).to_be_visible()
    answers: list[dict[str, Any]] = await shop.outbox()
    assert "regular" not in str(answers)
    assert faults == []


async def test_closing_with_one_key_and_finding_it_again(
    shop: Shop, context: BrowserContext, faults: list[str]
) -> None:
    await shop.writes("mia", text="Thanks, that was all.")
    await shop.first_conversation()
    console = await context.new_page()
    await sign_in(console, shop)
    row = console.get_by_role("link", name=re.compile("that was all"))
    await expect(row).to_be_visible()
    await console.keyboard.press("j")
    await console.keyboard.press("Enter")
    await expect(console.get_by_role("log", name="Messages").get_by_text("that was all")).to_be_visible()
    await console.keyboard.press("e")
    await expect(row).to_be_hidden()
    await console.get_by_role("link", name="Closed").click()
    await expect(row).to_be_visible()
    assert faults == []
