"""What every sample of a message becomes, by the sample's name."""

from collections.abc import Mapping

from tests.channels.whatsapp.samples import LENA, NAMELESS, PHONE, SENT_AT, USER, arrived, media

from parley.modules.conversations.types import (
    Address,
    AddressChanged,
    Ignored,
    Inbound,
    MessageEdited,
    MessageKind,
    MessageRevoked,
    Person,
    ReactionSet,
)

K = MessageKind
NEW_PHONE = Address("whatsapp", "4915550100777")
NEW_USER = Address("whatsapp.user", "DE.99991208655302741918")
NOT_PASSED_ON = (
    "WhatsApp does not pass this kind of message on to businesses. Ask the contact to write it as text."
)


def _choice(chosen: str, title: str, source: str, description: str | None = None) -> Mapping[str, object]:
    return {"id": chosen, "title": title, "description": description, "source": source}


def _form(name: str, answers: Mapping[str, object], token: str | None = None) -> Mapping[str, object]:
    return {"name": name, "answers": answers, "token": token}


def _system(code: str, text: str) -> Mapping[str, str]:
    return {"code": code, "text": text}


def _unsupported(code: str, title: str, details: str) -> Mapping[str, str]:
    return {"code": code, "title": title, "details": details}


def _unknown(word: str) -> Mapping[str, str]:
    details = f"WhatsApp calls it: {word}. The original is kept and can be read again after an update."
    return _unsupported("unknown_type", "The contact sent something that this version cannot show.", details)


IDENTITY_WORDS = "The security code of this contact has changed; they may have a new phone."

WORDS: Mapping[str, Inbound] = {
    "text": arrived("text", K.TEXT, "Grüße! Is the blue one back? 🙂"),
    "text_reply": arrived("text_reply", K.TEXT, "That one, please", reply_to="wamid.earlier"),
    "text_forwarded": arrived("text_forwarded", K.TEXT, "Look at this", is_forwarded=True),
    "text_frequently_forwarded": arrived(
        "text_frequently_forwarded", K.TEXT, "Everybody sends this", is_forwarded=True
    ),
    "text_product_enquiry": arrived(
        "text_product_enquiry",
        K.TEXT,
        "Is it in stock?",
        reply_to="wamid.catalog",
        referral={"source_type": "product", "catalog_id": "300000000000001", "product_id": "mug-blue"},
    ),
    "text_referral": arrived(
        "text_referral",
        K.TEXT,
        "I saw your ad",
        referral={
            "source_type": "ad",
            "source_id": "400000000000001",
            "source_url": "https://fb.me/example1",
            "headline": "New mugs",
            "body": "Hand made",
            "media_type": "image",
            "image_url": "https://scontent.example/ad.jpg",
            "ctwa_clid": "clid-1",
            "welcome_text": "Hello! How can we help?",
        },
    ),
    "button_reply": arrived(
        "button_reply",
        K.CHOICE,
        "Yes, please",
        content=_choice("yes", "Yes, please", "button"),
        reply_to="wamid.asked",
    ),
    "list_reply": arrived(
        "list_reply", K.CHOICE, "Express", content=_choice("row-2", "Express", "list", "Tomorrow")
    ),
    "button": arrived(
        "button", K.CHOICE, "Where is my order?", content=_choice("track", "Where is my order?", "template")
    ),
    "flow_reply": arrived(
        "flow_reply", K.FORM, "Sent", content=_form("flow", {"size": "L", "extras": ["gift"]}, "token-1")
    ),
    "flow_reply_not_an_object": arrived(
        "flow_reply_not_an_object", K.FORM, "Sent", content=_form("flow", {"response": [1, 2]})
    ),
    "flow_reply_broken": arrived(
        "flow_reply_broken", K.FORM, content=_form("address_message", {"response": "{oops"})
    ),
    "flow_reply_empty": arrived("flow_reply_empty", K.FORM, "Sent", content=_form("flow", {})),
    "call_permission_accepted": arrived(
        "call_permission_accepted",
        K.SYSTEM,
        "The contact allows calls.",
        content=_system("call_permission_given", "The contact allows calls."),
    ),
    "call_permission_rejected": arrived(
        "call_permission_rejected",
        K.SYSTEM,
        "The contact does not want to be called.",
        content=_system("call_permission_refused", "The contact does not want to be called."),
    ),
    "request_welcome": Ignored("request_welcome"),
    "group_text": Ignored("group_message"),
}

MEDIA: Mapping[str, Inbound] = {
    "image": arrived("image", K.IMAGE, "Broken on arrival", media=media(K.IMAGE, 1, "image/jpeg")),
    "video": arrived("video", K.VIDEO, media=media(K.VIDEO, 2, "video/mp4")),
    "document": arrived(
        "document",
        K.DOCUMENT,
        "The form",
        media=media(K.DOCUMENT, 3, "application/pdf", "Rückgabe Nr. 7.pdf"),
    ),
    "audio": arrived("audio", K.AUDIO, media=media(K.AUDIO, 4, "audio/mpeg")),
    "voice": arrived("voice", K.VOICE, media=media(K.VOICE, 5, "audio/ogg; codecs=opus")),
    "voice_legacy": arrived("voice_legacy", K.VOICE, media=media(K.VOICE, 6, "audio/ogg; codecs=opus")),
    "sticker": arrived("sticker", K.STICKER, media=media(K.STICKER, 7, "image/webp")),
    "media_with_errors": arrived(
        "media_with_errors",
        K.UNSUPPORTED,
        "The whole unboxing",
        content=_unsupported(
            "media_not_available",
            "The contact sent a file that WhatsApp could not hand over.",
            "It may be larger than 100 MB. Ask the contact to send a smaller one.",
        ),
    ),
    "location": arrived(
        "location",
        K.LOCATION,
        content={
            "latitude": 52.52,
            "longitude": 13.405,
            "name": "Shop",
            "address": "Example Street 1, Berlin",
            "url": "https://shop.example",
        },
    ),
    "location_pin": arrived(
        "location_pin",
        K.LOCATION,
        content={"latitude": -33.45, "longitude": -70.66, "name": None, "address": None, "url": None},
    ),
    "contacts": arrived(
        "contacts",
        K.CONTACTS,
        content={
            "contacts": [
                {
                    "name": "Jo Example",
                    "phones": [{"phone": "+49 155 50100999", "type": "CELL"}],
                    "emails": [{"email": "jo@example.com", "type": "WORK"}],
                    "organization": "Example Ltd",
                },
                {
                    "name": "Kim Sample",
                    "phones": [{"phone": "4915550100998", "type": None}],
                    "emails": [],
                    "organization": None,
                },
            ]
        },
    ),
    "order": arrived(
        "order",
        K.ORDER,
        "By Friday if possible",
        content={
            "catalog_id": "300000000000001",
            "text": "By Friday if possible",
            "items": [{"product_id": "mug-blue", "quantity": 2, "price": 12.5, "currency": "EUR"}],
        },
    ),
}

NOT_SHOWN: Mapping[str, Inbound] = {
    "interactive_missing": arrived(
        "interactive_missing",
        K.UNSUPPORTED,
        content=_unsupported(
            "not_supported",
            "The contact sent something that cannot be shown here.",
            "WhatsApp reported error 131051.",
        ),
    ),
    "interactive_unknown": arrived(
        "interactive_unknown", K.UNSUPPORTED, content=_unknown("interactive hologram")
    ),
    "unknown_type": arrived("unknown_type", K.UNSUPPORTED, content=_unknown("hologram")),
    "unsupported_poll": arrived(
        "unsupported_poll",
        K.UNSUPPORTED,
        content=_unsupported("not_supported", "The contact sent a poll.", NOT_PASSED_ON),
    ),
    "unsupported_plain": arrived(
        "unsupported_plain",
        K.UNSUPPORTED,
        content=_unsupported(
            "not_supported", "The contact sent something that cannot be shown here.", NOT_PASSED_ON
        ),
    ),
    "unsupported_only_on_phone": arrived(
        "unsupported_only_on_phone",
        K.UNSUPPORTED,
        content=_unsupported(
            "only_on_phone",
            "This message is not available here.",
            "It can still be read in the WhatsApp Business app on the phone, or ask the contact to repeat it.",
        ),
    ),
}

ABOUT_ANOTHER: Mapping[str, Inbound] = {
    "reaction": ReactionSet("wamid.reaction", "wamid.target", LENA, "❤️", SENT_AT),
    "reaction_removed_empty": ReactionSet(
        "wamid.reaction_removed_empty", "wamid.target", LENA, None, SENT_AT
    ),
    "reaction_removed_absent": ReactionSet(
        "wamid.reaction_removed_absent", "wamid.target", LENA, None, SENT_AT
    ),
    "edit_text": MessageEdited("wamid.edit_text", "wamid.target", LENA, "Two, not one", SENT_AT),
    "edit_caption": MessageEdited("wamid.edit_caption", "wamid.target", LENA, "Cracked, not broken", SENT_AT),
    "revoke": MessageRevoked("wamid.revoke", "wamid.target", LENA, SENT_AT),
    "echo_text": arrived("echo_text", K.TEXT, "Sent from the phone", is_echo=True),
    "echo_user_id": arrived(
        "echo_user_id",
        K.TEXT,
        "Sent from the phone",
        is_echo=True,
        person=Person((PHONE, USER), "Lena Hofmann"),
    ),
    "echo_reaction": ReactionSet("wamid.echo_reaction", "wamid.target", LENA, "👍", SENT_AT, is_echo=True),
    "echo_revoke": MessageRevoked("wamid.echo_revoke", "wamid.target", LENA, SENT_AT),
}

PEOPLE: Mapping[str, Inbound] = {
    "person_phone_and_user_id": arrived(
        "person_phone_and_user_id", K.TEXT, "Hi", person=Person((PHONE, USER), "Lena Hofmann", "lena.h")
    ),
    "person_user_id_only": arrived(
        "person_user_id_only", K.TEXT, "Hi", person=Person((USER,), "Lena", "lena.h")
    ),
    "person_user_id_in_from": arrived("person_user_id_in_from", K.TEXT, "Hi", person=Person((USER,), "Lena")),
    "person_without_profile": arrived("person_without_profile", K.TEXT, "Hi", person=NAMELESS),
    "person_without_contact": arrived("person_without_contact", K.TEXT, "Hi", person=NAMELESS),
    "person_contradicted": arrived("person_contradicted", K.TEXT, "Hi", person=NAMELESS),
    "system_number_changed": AddressChanged(
        "wamid.system_number_changed",
        (PHONE, USER),
        (NEW_PHONE, NEW_USER),
        "User Lena changed from 4915550100123 to 4915550100777",
        SENT_AT,
    ),
    "system_number_changed_old_spelling": AddressChanged(
        "wamid.system_number_changed_old_spelling", (PHONE,), (NEW_PHONE,), "Changed", SENT_AT
    ),
    "system_user_id_changed": AddressChanged(
        "wamid.system_user_id_changed", (USER,), (NEW_USER,), "Changed", SENT_AT
    ),
    "system_identity_changed": arrived(
        "system_identity_changed",
        K.SYSTEM,
        IDENTITY_WORDS,
        person=NAMELESS,
        content=_system("identity_changed", IDENTITY_WORDS),
    ),
    "system_other": arrived(
        "system_other",
        K.SYSTEM,
        "Something new happened",
        person=NAMELESS,
        content=_system("system", "Something new happened"),
    ),
}

MESSAGES: Mapping[str, Inbound] = {**WORDS, **MEDIA, **NOT_SHOWN, **ABOUT_ANOTHER, **PEOPLE}
