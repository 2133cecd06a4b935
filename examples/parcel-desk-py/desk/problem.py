class Problem(Exception):
    """Something that the person at the counter may read."""

    def __init__(self, status: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def not_found(what: str) -> Problem:
    return Problem("404 Not Found", f"there is no such {what}")


def refused(why: str) -> Problem:
    return Problem("422 Unprocessable Content", why)
