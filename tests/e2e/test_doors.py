"""The doors: signed out at a protected address, signing out, a session that ends while somebody is at work."""

import re

import pytest
from playwright.async_api import BrowserContext, expect
from tests.builders import PASSWORD
from tests.e2e.test_rooms import enter
from tests.shop import Shop


@pytest.mark.parametrize("path", ["/", "/inbox", "/settings/team"])
async def test_signed_out_at_a_protected_address_one_signs_in_and_gets_there(
    shop: Shop, context: BrowserContext, path: str
) -> None:
    page = await context.new_page()
    await page.goto(shop.base_url.replace("127.0.0.1", "localhost") + path)
    await page.get_by_label("Email").fill(shop.office.owner.email)
    await page.get_by_label(re.compile("^Password")).fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("navigation", name="Main navigation")).to_be_visible()
    await expect(page).to_have_url(re.compile("/settings/team" if "team" in path else "/inbox"))


async def test_signing_out_leads_to_the_door(shop: Shop, context: BrowserContext) -> None:
    page = await context.new_page()
    await enter(page, shop, shop.office.owner)
    await page.get_by_role("button", name=re.compile("^Account of")).click()
    await page.get_by_role("menuitem", name="Sign out").click()
    await expect(page.get_by_label("Email")).to_be_visible()


async def test_a_session_that_ends_at_work_leads_to_the_door(shop: Shop, context: BrowserContext) -> None:
    await shop.writes("mia", text="Hello?")
    await shop.first_conversation()
    page = await context.new_page()
    await enter(page, shop, shop.office.owner)
    await context.clear_cookies()
    await page.get_by_role("link", name="Closed").click()
    await expect(page.get_by_label("Email")).to_be_visible()
