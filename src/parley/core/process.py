"""How one process of the house starts another so that neither outlives the other's purpose. No policy of restarts here."""

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Callable

from parley.core.errors import AppError

_PR_SET_PDEATHSIG = 1


class ProcessError(AppError):
    """A child process could not be started as asked."""

    code = "process_failed"
    status = 500


def dies_with_us(sign: signal.Signals) -> Callable[[], None]:
    """Make a `preexec_fn` that has the kernel send `sign` to the child when the calling process ends, however it ends.

    The kernel watches the *thread* that forks, so this refuses to work outside the main thread.
    It must run after the child has changed its user (subprocess does so), because that clears the setting.
    Elsewhere than on Linux the child only gets a session of its own; the next start ends what was left behind.
    See prctl(2), PR_SET_PDEATHSIG.
    """
    if threading.current_thread() is not threading.main_thread():
        raise ProcessError("A process that shall die with this one has to be started from the main thread.")
    parent = os.getpid()
    if not sys.platform.startswith("linux"):
        return _nothing
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def bind() -> None:
        prctl(_PR_SET_PDEATHSIG, int(sign), 0, 0, 0)
        if os.getppid() != parent:  # it ended between fork and prctl, and the kernel will not tell again
            os.kill(os.getpid(), signal.SIGKILL)

    return bind


def _nothing() -> None:
    return None
