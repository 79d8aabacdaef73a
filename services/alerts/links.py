"""Where the evidence can be seen: addresses of the dashboards, cut to a department and a time."""

from datetime import datetime, timedelta
from urllib.parse import quote, urlencode, urlsplit

_LEAD = timedelta(hours=2)
"""Shown before it began, so that the usual level is in the picture."""
PRESS_OFFICE = "soundings-press-office"
"""Stable name (uid) of the dashboard in Grafana."""


POLICY = "soundings-policy"


def dashboard(base: str, department: str, began: datetime, until: datetime) -> str:
    """The press office's dashboard for a department from two hours before `began`; empty if no base is configured."""
    return _address(base, PRESS_OFFICE, department, began - _LEAD, until)


def digest_dashboard(base: str, department: str, start: datetime, end: datetime) -> str:
    """The policy dashboard for a department and a span of time; empty if no base is configured."""
    return _address(base, POLICY, department, start, end)


def _address(base: str, uid: str, department: str, start: datetime, end: datetime) -> str:
    if not base:
        return ""
    milliseconds = [round(moment.timestamp() * 1000) for moment in (start, end)]
    query = urlencode({"var-department": department, "from": milliseconds[0], "to": milliseconds[1]}, quote_via=quote)
    return f"{base.rstrip('/')}/d/{uid}?{query}"


def safe(url: str | None) -> str:
    """The address if a reader may be sent there: http or https with a host and nothing but printable ASCII."""
    if not url or not url.isascii() or not url.isprintable() or set(url) & set(" \"'<>\\^`{|}"):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    plain = parts.scheme in ("https", "http") and parts.hostname and "@" not in parts.netloc
    return url if plain else ""
