"""What WhatsApp, Messenger and Instagram share at Meta: signatures, verification, the Graph client. No product's payloads."""
