"""Forged requests are refused for each of the three reasons; real ones and programs pass."""

import httpx
import pytest
from tests.builders import Client, Office
from tests.conftest import MakeProgram, SignIn

from parley.core.web.cookies import CSRF, SESSION

OTHER = "A" * 43


async def assert_refused(client: Client, **options: object) -> None:
    response = await client.post("/teams", {"name": "Sales"}, **options)
    assert response.status_code == 403, response.text
    assert response.json()["code"] == "csrf_failed"
    assert (await client.get("/teams")).json()["items"] == []


@pytest.fixture
async def browser(office: Office, sign_in: SignIn) -> Client:
    return await sign_in(office.owner)


async def test_a_request_of_our_own_page_passes(browser: Client) -> None:
    assert (await browser.post("/teams", {"name": "Sales"})).status_code == 201


@pytest.mark.parametrize("site", ["cross-site", "same-site", "nonsense"])
async def test_another_sites_page_is_refused(browser: Client, site: str) -> None:
    await assert_refused(browser, headers={"Sec-Fetch-Site": site})


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:1"])
async def test_another_origin_is_refused_even_when_the_browser_says_nothing_else(
    browser: Client, origin: str
) -> None:
    await assert_refused(browser, headers={"Sec-Fetch-Site": "none", "Origin": origin})


async def test_our_own_origin_passes(browser: Client) -> None:
    response = await browser.post("/teams", {"name": "Sales"}, headers={"Origin": browser.base_url})
    assert response.status_code == 201


@pytest.mark.parametrize("token", ["", OTHER])
async def test_a_missing_or_wrong_token_is_refused(browser: Client, token: str) -> None:
    await assert_refused(browser, headers={"X-CSRF-Token": token})


async def test_a_header_alone_without_the_cookie_is_refused(browser: Client) -> None:
    token = browser.cookies[CSRF]
    await assert_refused(browser, headers={"X-CSRF-Token": token, "Cookie": f"{SESSION}={browser.session}"})


async def test_an_empty_cookie_with_an_empty_header_is_refused(browser: Client) -> None:
    cookies = f"{SESSION}={browser.session}; {CSRF}="
    await assert_refused(browser, headers={"X-CSRF-Token": "", "Cookie": cookies})


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "text/plain; application/json"]
)
async def test_a_body_that_a_foreign_form_could_send_is_refused(browser: Client, kind: str) -> None:
    await assert_refused(browser, headers={"Content-Type": kind})


async def test_signing_in_is_protected_too(client: Client, office: Office) -> None:
    response = await client.post(
        "/auth/sign-in", {"email": office.owner.email, "password": "x"}, headers={"X-CSRF-Token": OTHER}
    )
    assert response.json()["code"] == "csrf_failed"


async def test_a_program_needs_no_token_against_forgery(program: MakeProgram) -> None:
    client = await program("owner")
    assert (await client.post("/teams", {"name": "Sales"})).status_code == 201


async def test_an_authorization_header_does_not_open_the_door_for_the_cookie(browser: Client) -> None:
    response = await browser.post("/teams", {"name": "Sales"}, headers={"Authorization": "Bearer nonsense"})
    assert response.status_code == 401
    assert (await browser.get("/teams")).json()["items"] == []


async def test_the_token_comes_with_me_also_when_signed_out_and_stays(clients: object, server: str) -> None:
    client = Client(server)
    try:
        first = await client.get("/me")
        assert first.status_code == 401
        assert first.json()["code"] == "unauthenticated"
        line = first.headers["set-cookie"]
        assert line.startswith(f"{CSRF}=")
        assert "Secure" in line
        assert "Path=/" in line
        assert "Domain" not in line
        assert "HttpOnly" not in line
        assert "set-cookie" not in (await client.get("/me")).headers
    finally:
        await client.aclose()


async def test_a_token_of_other_letters_is_refused_like_any_wrong_one(browser: Client) -> None:
    cookies = f"{SESSION}={browser.session}; {CSRF}={browser.cookies[CSRF]}"
    headers = [
        (b"Cookie", cookies.encode()),
        (b"X-CSRF-Token", b"\xe9" * 43),
        (b"Content-Type", b"application/json"),
    ]
    async with httpx.AsyncClient(base_url=browser.base_url, trust_env=False) as bare:
        response = await bare.post("/api/v1/teams", content=b'{"name": "Sales"}', headers=headers)
    assert (response.status_code, response.json()["code"]) == (403, "csrf_failed")


async def test_the_sign_in_of_a_proxy_in_front_is_no_proof(browser: Client) -> None:
    headers = {"Authorization": "Basic YTpi", "Sec-Fetch-Site": "cross-site"}
    response = await browser.post("/auth/sign-out", headers=headers)
    assert (response.status_code, response.json()["code"]) == (403, "csrf_failed")
    assert (await browser.get("/teams")).status_code == 200
