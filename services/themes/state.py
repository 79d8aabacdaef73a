"""An engine as bytes and back: it goes on exactly as if it had never stopped."""

from collections import OrderedDict
from dataclasses import asdict
from datetime import datetime
from io import BytesIO
from typing import Any

import numpy as np
import orjson

from soundings.services.themes.encoder import Encoder
from soundings.services.themes.engine import ThemeEngine
from soundings.services.themes.lineage import Lineage
from soundings.services.themes.scale import Scale
from soundings.services.themes.tallies import Tally
from soundings.services.themes.tuning import Tuning

VERSION = 2


class StateError(Exception):
    """The bytes are of another version or encoder: start a new engine, or bring the old setting back."""


def to_bytes(engine: ThemeEngine) -> bytes:
    micro, reader = engine.micro, engine.reader
    live = micro.live
    places, weights = micro.weights()
    arrays: dict[str, Any] = {
        "dense": micro.dense[:live],
        "mass": micro.mass[:live],
        "first": micro.first[:live],
        "seen": micro.seen[:live],
        "copies": micro.copies[:live],
        "names": micro.names[:live],
        "theme": micro.theme[:live],
        "bound": micro.bound[:live],
        "word_rows": (places // micro.capacity).astype(np.int32),
        "word_slots": (places % micro.capacity).astype(np.int32),
        "word_weights": weights,
        "holding": reader.vocabulary.holding,
        "centre": reader.centre,
        "sample": np.array([vector for _, vector, _ in reader.sample], dtype=np.float32),
    }
    # Skipped posts have no micro-cluster, written as -1.
    arrays["ids"] = np.array([(n, -1 if held is None else held) for n, (held, _) in engine.ids.items()], dtype=np.int64)
    arrays["copied"] = np.array([(print_, *held) for print_, held in engine.copies.items()], dtype=np.int64)
    rest = {
        "version": VERSION,
        "encoder": engine.encoder.name,
        "stream": engine.stream,
        "tuning": asdict(engine.tuning),
        "rows": micro.rows,
        "texts": reader.texts,
        "scale": asdict(reader.scale),
        "vocabulary": list(reader.vocabulary.rows.items()),
        "free": reader.vocabulary.free,
        "posts": reader.vocabulary.posts,
        "sampled": [[number, list(held.items())] for number, _, held in reader.sample],
        "storms": [engine.storms.minute, engine.storms.volume, engine.storms.sampled_out],
        "weeks": [[name, [[week, _tally(t)] for week, t in weeks.items()]] for name, weeks in engine.weeks.items()],
        "told": [theme for _, theme in engine.ids.values()],
        "split_from": list(engine.split_from.items()),
        "took_in": list(engine.took_in.items()),
        "opened": engine.opened,
        "next_theme": engine.next_theme,
        "formed": engine.formed,
        "newest": engine.newest,
        "faded_at": engine.faded_at,
        "counts": engine.counts,
    }
    arrays["rest"] = np.frombuffer(orjson.dumps(rest), dtype=np.uint8)
    out = BytesIO()
    np.savez_compressed(out, **arrays)
    return out.getvalue()


def from_bytes(data: bytes, encoder: Encoder, *, lineage: Lineage | None = None) -> ThemeEngine:
    """The engine that `to_bytes` saved.

    Raises:
        StateError: of another version, or with vectors of another encoder.
    """
    with np.load(BytesIO(data), allow_pickle=False) as found:
        arrays = dict(found)
    rest = orjson.loads(arrays["rest"].tobytes())
    if rest["version"] != VERSION:
        raise StateError(f"state of version {rest['version']}, this is {VERSION}")
    if rest["encoder"] != encoder.name:
        raise StateError(f"state made with encoder {rest['encoder']!r}, this is {encoder.name!r}")
    engine = ThemeEngine(encoder, tuning=Tuning(**rest["tuning"]), stream=rest["stream"], lineage=lineage)
    _restore_micro(engine, arrays, rest)
    _restore_reader(engine, arrays, rest)
    engine.storms.minute, engine.storms.volume, engine.storms.sampled_out = rest["storms"]
    engine.weeks = {name: {week: _untally(held) for week, held in weeks} for name, weeks in rest["weeks"]}
    engine.copies = OrderedDict((print_, (micro, count)) for print_, micro, count in arrays["copied"].tolist())
    told = zip(arrays["ids"].tolist(), rest["told"], strict=True)
    engine.ids = OrderedDict((number, (None if micro < 0 else micro, theme)) for (number, micro), theme in told)
    engine.split_from, engine.took_in = dict(rest["split_from"]), dict(rest["took_in"])
    engine.opened, engine.next_theme, engine.counts = rest["opened"], rest["next_theme"], rest["counts"]
    engine.formed = rest["formed"]
    engine.newest, engine.faded_at = _time(rest["newest"]), _time(rest["faded_at"])
    return engine


def _restore_micro(engine: ThemeEngine, arrays: dict[str, Any], rest: dict[str, Any]) -> None:
    micro = engine.micro
    micro.live = live = len(arrays["mass"])
    micro.rows = rest["rows"]
    for name in ("dense", "mass", "first", "seen", "copies", "names", "theme", "bound"):
        getattr(micro, name)[:live] = arrays[name]
    places = arrays["word_rows"].astype(np.intp) * micro.capacity + arrays["word_slots"]
    micro.set_weights(places, arrays["word_weights"])
    engine.where = {int(name): slot for slot, name in enumerate(micro.names[:live])}


def _restore_reader(engine: ThemeEngine, arrays: dict[str, Any], rest: dict[str, Any]) -> None:
    reader = engine.reader
    reader.texts, reader.scale = rest["texts"], Scale(**rest["scale"])
    reader.centre = arrays["centre"]
    reader.vocabulary.rows, reader.vocabulary.free = dict(rest["vocabulary"]), rest["free"]
    reader.vocabulary.posts, reader.vocabulary.holding = rest["posts"], arrays["holding"]
    reader.sample = [
        (number, vector, {int(row): weight for row, weight in held})
        for (number, held), vector in zip(rest["sampled"], arrays["sample"], strict=True)
    ]


def _tally(tally: Tally) -> list[Any]:
    counts = [tally.posts, tally.reposts, tally.texts, tally.hostile, tally.questions, tally.suggestions]
    return [counts, sorted(tally.voices), sorted(tally.addressed.items()), tally.sample, tally.asked, tally.suggested]


def _untally(held: list[Any]) -> Tally:
    counts, voices, addressed, *samples = held
    posts, reposts, texts, hostile, questions, suggestions = counts
    sample, asked, suggested = ([(number, post) for number, post in found] for found in samples)
    return Tally(
        posts=posts,
        reposts=reposts,
        texts=texts,
        hostile=hostile,
        questions=questions,
        suggestions=suggestions,
        voices=set(voices),
        addressed=dict(addressed),
        sample=sample,
        asked=asked,
        suggested=suggested,
    )


def _time(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
