"""Where the evidence can be seen: addresses of the dashboards, cut to a department and a time."""

from datetime import datetime, timedelta
from urllib.parse import quote, urlencode, urlsplit

_LEAD = timedelta(hours=2)
"""Shown before it began, so that the usual level is in the picture."""
PRESS_OFFICE = "soundings-press-office"
"""Stable name (uid) of the dashboard in Grafana."""


def dashboard(base: str, department: str, began: datetime, until: datetime) -> str:
    """The press office's dashboard for a department from two hours before `began`; empty if no base is configured."""
    if not base:
        return ""
    milliseconds = [round(moment.timestamp() * 1000) for moment in (began - _LEAD, until)]
    query = urlencode({"var-department": department, "from": milliseconds[0], "to": milliseconds[1]}, quote_via=quote)
    return f"{base.rstrip('/')}/d/{PRESS_OFFICE}?{query}"


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
