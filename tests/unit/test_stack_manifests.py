"""Compose and Kubernetes: that they parse, name real settings, agree with the embedded stack, and hold no password."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY
from pydantic import BaseModel

from soundings.deploy.local import kafka
from soundings.deploy.local.kafka import KafkaNode
from soundings.deploy.local.lockfile import every, read_lock
from soundings.deploy.local.workers import WORKERS
from soundings.services import metrics
from soundings.services.domain.alerts import Outcome
from soundings.services.settings import Settings, load

DEPLOY = Path(__file__).parents[2] / "deploy"
PARTS = [worker.part for worker in WORKERS]
NOT_SETTINGS = {"SOUNDINGS_SECRETS_DIR", "SOUNDINGS_CONFIG"}
"""Where settings are read from, before there are any."""


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return found


def documents(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((DEPLOY / "kubernetes" / name).read_text()))


def stateful_sets() -> dict[str, dict[str, Any]]:
    return {one["metadata"]["name"]: one for one in documents("workers.yaml") if one["kind"] == "StatefulSet"}


def names(model: type[BaseModel], prefix: str) -> Iterator[str]:
    for name, field in model.model_fields.items():
        full = f"{prefix}{name.upper()}"
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from names(field.annotation, f"{full}__")
        else:
            yield full


def environments() -> dict[str, dict[str, str]]:
    (settings,) = documents("settings.yaml")
    services = compose()["services"]
    return {"kubernetes": settings["data"], **{name: services[name]["environment"] for name in (*PARTS, "prepare")}}


@pytest.mark.parametrize("place", sorted(environments()))
def test_every_setting_that_is_named_exists_and_its_value_is_allowed(
    place: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    values = environments()[place]
    assert set(values) <= set(names(Settings, "SOUNDINGS_")) | NOT_SETTINGS
    monkeypatch.setenv("SOUNDINGS_CONFIG", str(tmp_path))
    for name, value in values.items():
        if name not in NOT_SETTINGS:
            monkeypatch.setenv(name, value)
    settings = load()
    assert settings.kafka.bootstrap
    assert settings.elasticsearch.url.startswith("https://")
    assert settings.health.port == 9400


def test_secrets_are_files_named_after_settings_and_compose_refuses_to_start_without_them() -> None:
    secrets = compose()["secrets"]
    for name, one in secrets.items():
        # `:?` makes the variable mandatory: without it Compose stops with the message.
        assert re.fullmatch(r"\$\{SOUNDINGS_SECRETS:\?[^}]+\}/" + name, one["file"])
    ours = [name.upper() for name in secrets if name.startswith("soundings_")]
    assert ours == ["SOUNDINGS_PRIVACY__PSEUDONYM_KEY"]
    assert set(ours) <= set(names(Settings, "SOUNDINGS_"))


def test_no_manifest_holds_a_password_or_a_key() -> None:
    for name, service in compose()["services"].items():
        for variable, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|TOKEN|API_KEY|PSEUDONYM", variable):
                assert variable.endswith(("_FILE", "_DIR")), f"{name}: {variable}"
                assert str(value).startswith("/"), f"{name}: {variable}"
    (settings,) = documents("settings.yaml")
    assert not [name for name in settings["data"] if re.search("PASSWORD|TOKEN|API_KEY|PSEUDONYM", name)]
    assert not [
        one
        for path in (DEPLOY / "kubernetes").glob("*.yaml")
        for one in documents(path.name)
        if one["kind"] == "Secret"
    ]


def test_elasticsearch_is_locked_and_encrypted() -> None:
    environment = compose()["services"]["elasticsearch"]["environment"]
    assert environment["xpack.security.enabled"] == "true"
    assert environment["xpack.security.http.ssl.enabled"] == "true"


def test_only_loopback_is_published() -> None:
    published = [port for service in compose()["services"].values() for port in service.get("ports", [])]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_images_are_pinned_and_the_servers_are_the_versions_that_tests_run() -> None:
    images = {name: service["image"] for name, service in compose()["services"].items()}
    assert not [
        image for image in images.values() if image != "soundings" and not re.search(r":v?\d+\.\d+\.\d+$", image)
    ]
    pinned = {jar.coordinate for jar in every(read_lock())}
    assert f"org.apache.kafka:kafka_2.13:{images['kafka'].split(':')[1]}" in pinned
    assert f"org.elasticsearch:elasticsearch:{images['elasticsearch'].split(':')[1]}" in pinned


def test_kafka_in_a_container_is_set_as_the_embedded_one() -> None:
    node = KafkaNode(jars=Path("/"), home=Path("/"), logs=Path("/"), port=9092, controller_port=9093)
    embedded = dict(line.split("=", 1) for line in kafka.properties(node).splitlines())
    environment = compose()["services"]["kafka"]["environment"]
    agree = ("auto.create.topics.enable", "group.initial.rebalance.delay.ms", "group.min.session.timeout.ms")
    for name in (*agree, *(name for name in embedded if name.endswith(("replication.factor", "min.isr")))):
        assert environment["KAFKA_" + name.upper().replace(".", "_")] == embedded[name]


@pytest.mark.parametrize("part", PARTS)
def test_every_worker_runs_in_both_and_is_watched(part: str) -> None:
    service = compose()["services"][part]
    assert service["command"] == ["python", "-m", "soundings.streams.worker", part, "--instance", "0"]
    assert "9400/health" in service["healthcheck"]["test"][-1]
    (worker,) = stateful_sets()[part]["spec"]["template"]["spec"]["containers"]
    assert worker["command"] == ["python", "-m", "soundings.streams.worker", part, "--instance", "$(POD_INDEX)"]
    prometheus = yaml.safe_load((DEPLOY / "provisioning" / "prometheus.yaml").read_text())
    assert f"{part}:9400" in prometheus["scrape_configs"][0]["static_configs"][0]["targets"]


def test_every_alarm_asks_for_a_metric_and_an_outcome_that_exist() -> None:
    """A metric that is renamed would silence its alarm without a word."""
    alarms = yaml.safe_load((DEPLOY / "provisioning" / "prometheus-alarms.yaml").read_text())
    assert metrics.WAITING  # they are registered when the module is imported
    exposed = {name for metric in REGISTRY.collect() for name in (metric.name, f"{metric.name}_total")}
    rules = [rule for group in alarms["groups"] for rule in group["rules"]]
    asked = {name for rule in rules for name in re.findall(r"soundings_\w+", rule["expr"])}
    assert asked and asked <= exposed
    outcomes = {text for rule in rules for text in re.findall(r'outcome="([^"]+)"', rule["expr"])}
    assert outcomes and outcomes <= set(Outcome)
    mounted = compose()["services"]["prometheus"]["volumes"]
    assert "./provisioning/prometheus-alarms.yaml:/etc/prometheus/alarms.yml:ro" in mounted


def test_nothing_runs_that_is_no_worker() -> None:
    assert sorted(stateful_sets()) == sorted(PARTS)


def test_pods_are_not_root_and_cannot_write_to_their_image() -> None:
    for part, one in stateful_sets().items():
        pod = one["spec"]["template"]["spec"]
        assert pod["securityContext"]["runAsNonRoot"], part
        for container in (*pod["initContainers"], *pod["containers"]):
            assert container["securityContext"]["readOnlyRootFilesystem"], part
            assert container["resources"]["limits"]["memory"], part


def test_every_file_that_compose_mounts_is_there() -> None:
    mounts = [
        mount.split(":")[0]
        for service in compose()["services"].values()
        for mount in service.get("volumes", [])
        if mount.startswith(".")
    ]
    assert mounts
    assert [mount for mount in mounts if not (DEPLOY / mount).exists()] == []


def test_kustomize_renders_the_folder(tmp_path: Path) -> None:
    """The one check by Kubernetes' own tool that needs no cluster."""
    if shutil.which("kubectl") is None:
        pytest.skip("kubectl is not installed; the other tests read the files themselves")
    folder = tmp_path / "kubernetes"
    shutil.copytree(DEPLOY / "kubernetes", folder)
    for name in ("accounts.toml", "soundings.toml"):
        (folder / name).write_text("# nothing\n")
    done = subprocess.run(["kubectl", "kustomize", str(folder)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    kinds = [one["kind"] for one in yaml.safe_load_all(done.stdout)]
    assert kinds.count("StatefulSet") == len(PARTS)
