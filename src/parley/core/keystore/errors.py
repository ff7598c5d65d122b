"""The ways a key store fails on purpose."""

from parley.core.errors import AppError


class KeyDestroyedError(AppError):
    """The subject's key, or its workspace's, was destroyed; it can never be made again."""

    code = "key_destroyed"
    status = 410
    message = "This content was erased for ever. Nobody can bring it back."


class KeyStoreDamagedError(AppError):
    """A wrapped key does not open under its parent: the store was altered or mixed from two installations."""

    code = "key_store_damaged"
    status = 500
    message = "A key in the key store cannot be opened. Restore the key store from its last backup."


class KeyStoreUnavailableError(AppError):
    """The key store did not answer in time; nothing was changed that was not committed."""

    code = "key_store_unavailable"
    status = 503
    message = "The key store does not answer. Try again in a moment; `bin/parley doctor` says what is wrong."


class WrongRootKeyError(AppError):
    """The store was made under another root key."""

    code = "wrong_root_key"
    status = 500
    message = (
        "The root key does not belong to this key store. "
        "Point PARLEY_ROOT_KEY_FILE to the file that was used when it was made, or restore it from the recovery key."
    )
