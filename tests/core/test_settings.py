"""Settings: what is written for a child is read by it, and faults are named all at once."""

import dataclasses
from pathlib import Path

import pytest

from parley.core.settings import Settings, SettingsError, load_settings, to_environ


def test_a_child_reads_what_its_parent_wrote(tmp_path: Path) -> None:
    settings = Settings(
        mode="production",
        data=tmp_path / "with space",
        port=9000,
        bind="0.0.0.0",
        public_url="https://talk.example.org",
        files_url="https://files.example.org",
        database_url="postgresql:///parley?host=/run/parley/x",
        keys_url="postgresql://u:p%40@h/keys",
        root_key_file=tmp_path / "key",
        trusted_proxies="10.0.0.1,10.0.0.2",
        private_hosts="mail:25",
        redis_url="redis://h",
        web_processes=3,
        worker_processes=2,
        log_level="debug",
        simulators=False,
        traffic=False,
        meta_app_id="1",
        meta_app_secret="s",
        meta_verify_token="v",
        meta_graph_url="https://graph.example",
        meta_graph_version="v26.0",
    )
    defaults = Settings()
    for field in dataclasses.fields(Settings):
        assert getattr(settings, field.name) != getattr(defaults, field.name), f"{field.name} is not tried"
    assert load_settings(to_environ(settings)) == settings


def test_the_demo_survives_the_round_trip() -> None:
    settings = load_settings({"PARLEY_PORT": "8100"})
    assert settings.meta_graph_url == "http://127.0.0.1:8101"
    assert load_settings(to_environ(settings)) == settings


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings({"PARLEY_PROT": "1", "PARLEY_PORT": "many", "PARLEY_MODE": "party", "PATH": "/bin"})
    for name in ("PARLEY_PROT", "PARLEY_PORT", "PARLEY_MODE"):
        assert name in caught.value.detail
    assert "PATH" not in caught.value.detail.replace("PARLEY", "")


def test_secrets_are_not_shown() -> None:
    settings = Settings(meta_app_secret="hush-hush", meta_verify_token="hush-hush")
    assert "hush-hush" not in repr(settings)


def test_a_dotenv_file_is_read_and_real_variables_win(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("# mine\nexport PARLEY_PORT=8200\nPARLEY_BIND='0.0.0.0'\nOTHER=1\n")
    monkeypatch.setenv("PARLEY_BIND", "127.0.0.2")
    settings = load_settings()
    assert (settings.port, settings.bind) == (8200, "127.0.0.2")
