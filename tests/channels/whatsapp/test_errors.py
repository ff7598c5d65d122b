"""Every error number that WhatsApp documents has words, a way out, and a decision on trying again."""

import re

import pytest

from parley.channels.whatsapp.errors import KNOWN_CODES, explain

NOT_AGAIN = (
    0, 190, 104, 3, 10, 200, 250, 299, 131005, 33, 100, 368, 131031, 130403, 130472, 130497, 135000, 131008,
    131009, 131021, 131026, 131030, 131037, 131042, 131044, 131045, 133010, 131047, 131048, 131049, 131050,
    131051, 131060, 131052, 131053, 131055, 134100, 134102, 132018, 131062, 131063, 131064, 132000, 132001,
    132005, 132007, 132008, 132012, 132015, 132016, 132068, 132069, 133000, 133005, 133006, 133008, 133009,
    133015, 133016, 134011,
)  # fmt: skip
AGAIN = (
    1, 2, 131016, 133004, 4, 80007, 613, 130429, 131000, 134101, 131056, 131057, 2494100,
)  # fmt: skip
BREAKING = {
    0, 190, 104, 3, 10, 200, 250, 299, 131005, 33, 368, 131031, 131045, 133010,
}  # fmt: skip
ATTENTION = BREAKING | {131037, 131042, 131044, 131048, 134011}


@pytest.mark.parametrize("code", [*NOT_AGAIN, *AGAIN])
def test_documented_code_is_explained(code: int) -> None:
    assert code in KNOWN_CODES
    found = explain({"code": code})
    assert found.failure.code != "vendor_error"
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", found.failure.code)
    assert found.failure.vendor_code == str(code)
    assert found.failure.message.endswith(".")
    assert found.failure.hint.endswith(".")
    assert (found.retry_after is not None) == (code in AGAIN)
    assert found.breaks_inbox == (code in BREAKING)
    assert found.needs_attention == (code in ATTENTION)


def test_no_code_is_in_the_table_without_being_documented() -> None:
    documented = {*NOT_AGAIN, *AGAIN} | set(range(200, 300))
    assert documented == KNOWN_CODES


def test_what_we_repeat_by_ourselves_a_person_may_repeat() -> None:
    assert all(explain({"code": code}).failure.can_retry for code in AGAIN)


@pytest.mark.parametrize(
    ("error", "code", "shown"),
    [
        ({}, "vendor_error", None),
        ({"code": None}, "vendor_error", None),
        ({"code": "abc"}, "vendor_error", None),
        ({"code": "9" * 5000}, "vendor_error", None),
        ({"code": -1}, "vendor_error", None),
        ({"code": 999999}, "vendor_error", "999999"),
        ({"code": "131047"}, "window_closed", "131047"),
        ({"code": 190, "error_subcode": 463}, "token_expired", "190/463"),
        ({"code": 190, "error_subcode": 460}, "token_invalid", "190/460"),
        ({"code": 100, "error_subcode": 33}, "number_not_found", "100/33"),
        (
            {"code": 100, "message": "(#100) Param file must be a file with one of the following types: ..."},
            "media_type_refused",
            "100",
        ),
        (
            {"code": 100, "error_data": "Param file must be a file with one of the following types: ..."},
            "media_type_refused",
            "100",
        ),
        ({"code": 100, "error_data": {"details": "Param to is missing"}}, "invalid_request", "100"),
    ],
)
def test_error_objects_of_every_form_are_read(error: dict[str, object], code: str, shown: str | None) -> None:
    found = explain(error)
    assert (found.failure.code, found.failure.vendor_code) == (code, shown)


def test_words_of_meta_are_never_passed_on() -> None:
    secret = "+49 155 50100123 has no account"
    for code in (100, 131026, 424242):
        error = {"code": code, "message": secret, "title": secret, "error_data": {"details": secret}}
        assert secret not in repr(explain(error))
