"""What WhatsApp can carry: lengths, media types and sizes. Checks and the composer both ask here.

Source: developers.facebook.com/docs/whatsapp/cloud-api/reference/media (Supported media types).
"""

from collections.abc import Mapping

from parley.modules.inboxes.types import ButtonRule, Capabilities, ListRule, MediaRule

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_HEADER = 60
MAX_FOOTER = 60
MAX_BUTTON_ID = 256
MAX_ROW_ID = 200
MAX_SECTIONS = 10
MAX_SECTION_TITLE = 24
MAX_STILL_STICKER = 100 * 1024

_MB = 1024 * 1024
_OFFICE = "application/vnd.openxmlformats-officedocument"
EXTENSIONS: Mapping[str, str] = {
    "audio/aac": "aac",
    "audio/amr": "amr",
    "audio/mp4": "m4a",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "application/msword": "doc",
    "application/pdf": "pdf",
    "application/vnd.ms-excel": "xls",
    "application/vnd.ms-powerpoint": "ppt",
    f"{_OFFICE}.presentationml.presentation": "pptx",
    f"{_OFFICE}.spreadsheetml.sheet": "xlsx",
    f"{_OFFICE}.wordprocessingml.document": "docx",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "text/plain": "txt",
    "video/3gpp": "3gp",
    "video/mp4": "mp4",
}
"""Meta infers a file's type from its name: whatever is uploaded must end in the extension of its type."""

SENT_AS: Mapping[str, str] = {"text/csv": "text/plain", "audio/x-m4a": "audio/mp4", "audio/mp3": "audio/mpeg"}
"""Types that WhatsApp takes only under another name."""

_IMAGES = ("image/jpeg", "image/png")
_VIDEOS = ("video/mp4", "video/3gpp")
_AUDIOS = ("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/x-m4a", "audio/mp3")
_DOCUMENTS = (
    *(each for each in EXTENSIONS if each.startswith(("application/", "text/"))),
    "text/csv",
    *_IMAGES,
    *_VIDEOS,
    *_AUDIOS,
)

CAPABILITIES = Capabilities(
    max_text=MAX_TEXT,
    formats="whatsapp",
    caption_max=MAX_CAPTION,
    reactions=True,
    reply_to=True,
    typing=True,
    read_marks=True,
    buttons=ButtonRule(max=3, title_max=20, body_max=1024),
    list=ListRule(max_rows=10, title_max=24, description_max=72, button_max=20, body_max=4096),
    media={
        "image": MediaRule(5 * _MB, _IMAGES),
        "video": MediaRule(16 * _MB, _VIDEOS),
        "audio": MediaRule(16 * _MB, _AUDIOS),
        "voice": MediaRule(16 * _MB, ("audio/ogg",)),
        "document": MediaRule(100 * _MB, _DOCUMENTS),
        "sticker": MediaRule(500 * 1024, ("image/webp",)),
    },
)
