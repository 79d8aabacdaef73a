"""Grafana's data sources: one for each kind of document, because a data source has one index and one time field."""

from dataclasses import dataclass

from grafana_foundation_sdk.models.dashboard import DataSourceRef

from soundings.services.index.fields import TIMESTAMP, Kind, alias

TYPE = "elasticsearch"


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSource:
    kind: Kind

    @property
    def uid(self) -> str:
        """Fixed, so that dashboards find it whatever it is called and wherever Elasticsearch is."""
        return f"soundings-{self.kind.value}"

    @property
    def name(self) -> str:
        return f"Soundings {self.kind.value}"

    @property
    def ref(self) -> DataSourceRef:
        return DataSourceRef(type_val=TYPE, uid=self.uid)


MENTIONS = DataSource(kind=Kind.MENTIONS)
STATEMENTS = DataSource(kind=Kind.STATEMENTS)
VOLUMES = DataSource(kind=Kind.VOLUMES)
FIRESTORMS = DataSource(kind=Kind.FIRESTORMS)
ALERTS = DataSource(kind=Kind.ALERTS)
NOTIFICATIONS = DataSource(kind=Kind.NOTIFICATIONS)
URGENT = DataSource(kind=Kind.URGENT)
THEMES = DataSource(kind=Kind.THEMES)
REGISTER = DataSource(kind=Kind.REGISTER)

ALL = (MENTIONS, STATEMENTS, VOLUMES, FIRESTORMS, ALERTS, NOTIFICATIONS, URGENT, THEMES, REGISTER)
METRICS = DataSourceRef(type_val="prometheus", uid="soundings-metrics")
"""Prometheus, where it is run: provisioned beside the dashboards (deploy/provisioning), never pushed."""

BY_UID = {source.uid: source for source in ALL}


def configured(source: DataSource, url: str, prefix: str, api_key: str | None) -> dict[str, object]:
    """The data source in the form of Grafana's HTTP interface; `url` is where Grafana finds Elasticsearch."""
    options: dict[str, object] = {"index": alias(prefix, source.kind), "timeField": TIMESTAMP}
    found: dict[str, object] = {
        "uid": source.uid,
        "name": source.name,
        "type": TYPE,
        "access": "proxy",
        "url": url,
        "jsonData": options,
    }
    if api_key:
        options["httpHeaderName1"] = "Authorization"
        found["secureJsonData"] = {"httpHeaderValue1": f"ApiKey {api_key}"}
    return found
