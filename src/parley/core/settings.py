"""What the operator decides: `PARLEY_*` variables, read once at start. Nothing else reads the environment."""

import dataclasses
import os
from collections.abc import Mapping
from pathlib import Path

from parley.core.errors import AppError

PREFIX = "PARLEY_"


class SettingsError(AppError):
    """The environment cannot be used; the message names every fault and how to mend it."""

    code = "settings_invalid"
    status = 500


@dataclasses.dataclass(frozen=True, slots=True)
class Settings:
    """One field per variable: `port` is `PARLEY_PORT`. Paths are absolute, addresses have no trailing slash."""

    mode: str = "demo"
    """`demo` (loopback, simulators, seeded data), `production`, or `test`."""
    data: Path = Path(".parley")
    port: int = 8000
    bind: str = "127.0.0.1"
    public_url: str = ""
    """Where people reach the product; empty means http://localhost:PORT."""
    files_url: str = ""
    """Where sealed files are served from, best a host of its own; empty means `public_url`."""
    database_url: str = ""
    """The administrating role's address of any PostgreSQL >= 15; empty means the embedded one."""
    keys_url: str = ""
    root_key_file: Path | None = None
    """32 random bytes as base64, outside the data folder; the demo keeps its own inside."""
    trusted_proxies: str = ""
    private_hosts: str = ""
    """Comma-separated `host:port` that guarded outgoing calls may reach although they are private."""
    redis_url: str = ""
    web_processes: int = 1
    worker_processes: int = 1
    log_level: str = "info"
    simulators: bool = True
    """Only in the demo: whether the simulated customers write now and then by themselves is `traffic`."""
    traffic: bool = True
    meta_app_id: str = ""
    meta_app_secret: str = dataclasses.field(default="", repr=False)
    meta_verify_token: str = dataclasses.field(default="", repr=False)
    meta_graph_url: str = "https://graph.facebook.com"
    meta_graph_version: str = "v25.0"

    @property
    def base_url(self) -> str:
        """Tell where people reach the product, without a trailing slash."""
        return self.public_url or f"http://localhost:{self.port}"

    @property
    def simulator_url(self) -> str:
        """Tell where the demo's simulators listen."""
        return f"http://127.0.0.1:{self.port + 1}"

    @property
    def is_demo(self) -> bool:
        """Tell whether this is the demo, whose data folder is marked as such for ever."""
        return self.mode == "demo"


DEMO_DEFAULTS: Mapping[str, str] = {
    "PARLEY_META_APP_ID": "parley-demo-app",
    "PARLEY_META_APP_SECRET": "parley-demo-secret",
    "PARLEY_META_VERIFY_TOKEN": "parley-demo-verify",
}


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings, or raise one `SettingsError` that names every unknown and unusable variable.

    A `.env` file in the working directory is read first; real variables win over it.
    """
    merged = _with_dotenv(os.environ if environ is None else environ, read_file=environ is None)
    if merged.get("PARLEY_MODE", "demo") == "demo":
        port = merged.get("PARLEY_PORT", "8000")
        sim = f"http://127.0.0.1:{int(port) + 1}" if port.isdigit() else ""
        merged = {**DEMO_DEFAULTS, "PARLEY_META_GRAPH_URL": sim, **merged}
    fields = {field.name: field for field in dataclasses.fields(Settings)}
    faults: list[str] = []
    values: dict[str, object] = {}
    for name, text in merged.items():
        if not name.startswith(PREFIX):
            continue
        key = name.removeprefix(PREFIX).lower()
        if key not in fields:
            faults.append(f"{name} is not a setting of Parley; remove it or correct its name.")
            continue
        try:
            values[key] = _convert(fields[key].type, text)
        except ValueError:
            faults.append(f"{name} cannot be read as {fields[key].type}.")
    if values.get("mode", "demo") not in {"demo", "production", "test"}:
        faults.append("PARLEY_MODE must be demo, production or test.")
    if faults:
        raise SettingsError(" ".join(faults))
    settings = Settings(**values)  # type: ignore[arg-type]  # converted by the declared type of each field
    return dataclasses.replace(settings, data=settings.data.absolute())


def to_environ(settings: Settings) -> dict[str, str]:
    """Write the settings as variables for a child process; the inverse of `load_settings`."""
    out: dict[str, str] = {}
    for field in dataclasses.fields(Settings):
        value = getattr(settings, field.name)
        if value is None:
            continue
        out[PREFIX + field.name.upper()] = "1" if value is True else "0" if value is False else str(value)
    return out


def _convert(kind: object, text: str) -> object:
    name = kind if isinstance(kind, str) else getattr(kind, "__name__", str(kind))
    if name == "int":
        return int(text)
    if name == "bool":
        if text.lower() not in {"1", "0", "true", "false", "yes", "no", "on", "off"}:
            raise ValueError(text)
        return text.lower() in {"1", "true", "yes", "on"}
    if "Path" in str(name):
        return Path(text).expanduser().absolute()
    return text.rstrip("/") if text.startswith(("http://", "https://")) else text


def _with_dotenv(environ: Mapping[str, str], *, read_file: bool) -> dict[str, str]:
    found: dict[str, str] = {}
    path = Path(".env")
    if read_file and path.is_file():
        for line in path.read_text(encoding="utf-8").splitlines():
            name, separator, value = line.strip().partition("=")
            if separator and not name.startswith("#"):
                found[name.removeprefix("export ").strip()] = value.strip().strip("'\"")
    found.update({name: value for name, value in environ.items() if name.startswith(PREFIX)})
    return found
