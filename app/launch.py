"""
How the program begins: before anything else is imported, Ctrl-C ends it with one line and status 130.

The imports of the command line take some tenths of a second, in which nothing is written yet; a KeyboardInterrupt
among them would show its traceback, or be lost where somebody's import swallows it.
"""

import atexit
import contextlib
import os
import signal
import sys
from types import FrameType

STOPPED = 130
"""The status of a program that was ended with Ctrl-C."""


def main() -> None:
    """Run the command line."""
    ctrl_c = _CtrlC()
    from app.command import main as run

    ctrl_c.at_once = False
    try:
        run()
    except KeyboardInterrupt:
        sys.exit(STOPPED)


class _CtrlC:
    """What Ctrl-C does: it ends the program at once, or, later, interrupts it so that it can tidy up."""

    def __init__(self) -> None:
        self.at_once = True
        self._stopped = False
        if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # a shell's background job does not hear it
            signal.signal(signal.SIGINT, self._stop)
            atexit.register(self._leave)  # the first to be registered is the last to be called

    def _stop(self, number: int, frame: FrameType | None) -> None:
        if not self._stopped:
            os.write(2, b"archive-search: stopped\n")  # print is not safe where a print may be interrupted
        self._stopped = True
        if self.at_once:
            os._exit(STOPPED)
        raise KeyboardInterrupt

    def _leave(self) -> None:
        """Give the status: Python would end itself by a signal where code made from a text was interrupted."""
        if self._stopped:
            with contextlib.suppress(Exception):
                sys.stdout.flush()
            os._exit(STOPPED)


if __name__ == "__main__":
    main()
