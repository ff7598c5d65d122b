"""The command line."""

from pathlib import Path

from parley.simulators.meta.main import parse


def test_defaults_are_those_of_the_demo() -> None:
    config = parse([])
    assert config.webhook_url == "http://127.0.0.1:8000/hooks/meta"
    assert (config.app_secret, config.verify_token) == ("parley-demo-secret", "parley-demo-verify")
    assert config.numbers[0].id == "100000000000001"
    assert not config.traffic


def test_every_argument_arrives() -> None:
    words = (
        "--port 9 --webhook-url http://127.0.0.1:7/h --app-id a --app-secret b --verify-token c --token d --state f.json"
        " --phone-number-id 1 --display-phone-number +4930 --verified-name N --waba-id 2 --no-coexistence --traffic --no-verify"
    )
    config = parse(words.split())
    assert (config.port, config.webhook_url, config.app_id, config.token) == (
        9,
        "http://127.0.0.1:7/h",
        "a",
        "d",
    )
    assert (config.app_secret, config.verify_token, config.state_file) == ("b", "c", Path("f.json"))
    assert (config.traffic, config.verify_on_start) == (True, False)
    number = config.numbers[0]
    assert (number.id, number.digits, number.verified_name, number.waba_id) == ("1", "4930", "N", "2")
    assert not number.coexistence
