"""What a session is made of: a random token in a cookie, its hash in the database, a few words about the device."""

import hashlib
import re
import secrets

_BROWSERS = (
    (re.compile(r"Edg(e|A|iOS)?/"), "Edge"),
    (re.compile(r"OPR/|Opera"), "Opera"),
    (re.compile(r"SamsungBrowser/"), "Samsung Internet"),
    (re.compile(r"Firefox/|FxiOS/"), "Firefox"),
    (re.compile(r"Chrome/|CriOS/|Chromium/"), "Chrome"),
    (re.compile(r"Safari/"), "Safari"),
)
_SYSTEMS = (
    (re.compile(r"iPhone|iPad"), "iOS"),
    (re.compile(r"Android"), "Android"),
    (re.compile(r"CrOS"), "ChromeOS"),
    (re.compile(r"Windows"), "Windows"),
    (re.compile(r"Mac OS X|Macintosh"), "macOS"),
    (re.compile(r"Linux|X11"), "Linux"),
)


def new_token() -> str:
    """Make a session's token: 256 random bits."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> bytes:
    """Give what is stored of a token. It has 256 bits, so a plain hash cannot be searched."""
    return hashlib.sha256(token.encode()).digest()


def describe_device(user_agent: str | None) -> str:
    """Shorten a User-Agent to what a person recognises in a list: `Chrome on Linux`. Versions are dropped."""
    text = (user_agent or "")[:512]
    browser = next((name for pattern, name in _BROWSERS if pattern.search(text)), "A program")
    system = next((name for pattern, name in _SYSTEMS if pattern.search(text)), None)
    return f"{browser} on {system}" if system else browser
