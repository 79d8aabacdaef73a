"""What can stop the stack; each message says what to do next."""


class StackError(Exception):
    """The stack cannot start or go on; the message is for the person at the terminal."""


class JarsMissingError(StackError):
    """Jars are neither in the cache nor to be had from the network."""


class JarTamperedError(StackError):
    """A jar is not the one that was pinned."""
