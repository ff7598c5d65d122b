"""What nobody means to ask is refused or answered, and never a fault of the house."""

import uuid

import pytest
from tests.builders import Office
from tests.conftest import SignIn

from parley.modules.conversations.schemas import SnoozeIn


@pytest.mark.parametrize("text", ["²", "٣", "#", "9" * 110, "#1e5", "%", "\\"])
async def test_lists_are_searched_for_anything(office: Office, sign_in: SignIn, text: str) -> None:
    browser = await sign_in(office.agent)
    response = await browser.get("/conversations", params={"q": text})
    assert (response.status_code, response.json()["items"]) == (200, [])


@pytest.mark.parametrize("until", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"])
async def test_a_moment_outside_of_time_is_invalid(office: Office, sign_in: SignIn, until: str) -> None:
    browser = await sign_in(office.agent)
    response = await browser.post(f"/conversations/{uuid.uuid4()}/snooze", {"until": until})
    assert response.status_code == 422
    assert set(response.json()["fields"]) == {"until"}


def test_a_moment_is_kept_in_utc() -> None:
    assert SnoozeIn.model_validate({"until": "2030-01-01T01:00:00+01:00"}).until.isoformat() == (
        "2030-01-01T00:00:00+00:00"
    )
