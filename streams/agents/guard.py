"""Nothing may raise inside an agent: Faust would leave offsets committed for messages that were never processed."""

import os
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import ParamSpec

import structlog

log = structlog.get_logger()

FAILED = 70
"""Exit status EX_SOFTWARE of sysexits.h."""

P = ParamSpec("P")


def ends_the_process(function: Callable[P, Awaitable[None]]) -> Callable[P, Awaitable[None]]:
    """An unforeseen error ends the process at once, without committing; the supervisor starts it again."""

    @wraps(function)
    async def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            await function(*args, **kwargs)
        except Exception as error:
            # The traceback's frames are named, not its message: that could quote a post.
            frames = []
            trace = error.__traceback__
            while trace:
                frames.append(f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}")
                trace = trace.tb_next
            log.error("agent failed, ending the process", error=type(error).__name__, frames=frames[-6:])
            os._exit(FAILED)

    return guarded
