"""Why this channel calls Meta; the register of outgoing calls lists these sentences."""

from parley.core.http import register_purpose

SEND = register_purpose("whatsapp.send", "Send a message to a contact on WhatsApp.")
UPLOAD = register_purpose("whatsapp.upload", "Hand a file to WhatsApp before it is sent to a contact.")
MARK_READ = register_purpose(
    "whatsapp.mark_read", "Tell a contact on WhatsApp that their message was read or is being answered."
)
FETCH_MEDIA = register_purpose("whatsapp.fetch_media", "Fetch a file that a contact sent on WhatsApp.")
CHECK = register_purpose("whatsapp.check", "Check whether a WhatsApp number and its access token work.")
SUBSCRIBE = register_purpose(
    "whatsapp.subscribe", "Have Meta send us the events of a WhatsApp account, or no longer."
)
