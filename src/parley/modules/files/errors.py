"""The ways in which a file is not taken or not given."""

from parley.core.errors import AppError


class FileTooLargeError(AppError):
    """More bytes came than are allowed; nothing is kept of them."""

    code = "file_too_large"
    status = 413
    message = "This file is too large. Send a smaller one, or a link to it."


class FileTypeRefusedError(AppError):
    """A program, or a page dressed as a picture."""

    code = "file_type_refused"
    status = 422
    message = "Programs and disguised files are not accepted. Put it into an archive that you trust, or send a link."


class FileTooSlowError(AppError):
    """The bytes came so slowly that the upload was given up; nothing is kept of them."""

    code = "file_too_slow"
    status = 408
    message = "The upload took too long and was given up. Try again with a better connection."


class FileErasedError(AppError):
    """The key that the file was sealed under is destroyed."""

    code = "file_erased"
    status = 410
    message = "This file was erased for ever. Nobody can bring it back."


class FileUnreadableError(AppError):
    """The key store does not know the file's key: it is older than the file, or another installation's."""

    code = "file_unreadable"
    status = 500
    message = (
        "The key of this file is missing from the key store. Restore the key store from its last backup."
    )


class RangeRefusedError(AppError):
    """The range begins after the file's end."""

    code = "range_not_satisfiable"
    status = 416
    message = "The file is shorter than the part that was asked for."
