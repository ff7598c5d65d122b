"""Meta's question about the callback address."""

import pytest

from parley.channels.meta.verification import answer_challenge

GOOD = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "parley-demo-verify"}


def test_right_token_is_answered_with_the_bare_challenge() -> None:
    assert answer_challenge(GOOD, ["older", "parley-demo-verify"]) == "1158201444"


@pytest.mark.parametrize(
    "changes",
    [
        {"hub.verify_token": "wrong"},
        {"hub.verify_token": ""},
        {"hub.verify_token": "ü\udc80"},
        {"hub.mode": "unsubscribe"},
        {"hub.mode": ""},
        {"hub.challenge": ""},
        {"hub.challenge": "<script>"},
        {"hub.challenge": "1" * 129},
        {"hub.challenge": "١٢"},
    ],
)
def test_anything_else_is_refused(changes: dict[str, str]) -> None:
    assert answer_challenge({**GOOD, **changes}, ["parley-demo-verify"]) is None


def test_no_token_of_ours_refuses_everything() -> None:
    assert answer_challenge({**GOOD, "hub.verify_token": ""}, ["", ""]) is None
    assert answer_challenge({}, []) is None
