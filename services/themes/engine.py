"""Themes of one stream, online: each post is read once and put into a micro-cluster; micro-clusters form themes."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np

from soundings.services.domain.themes import Assignment, Skipped, ThemePost
from soundings.services.themes.encoder import Encoder
from soundings.services.themes.formation import form
from soundings.services.themes.identity import name_groups
from soundings.services.themes.lineage import Lineage, NoLineage
from soundings.services.themes.linkage import Rows
from soundings.services.themes.micro import FREE, Floats, MicroClusters
from soundings.services.themes.past import Past
from soundings.services.themes.reading import Reader
from soundings.services.themes.room import heaviest, made_one
from soundings.services.themes.storms import StormSampler
from soundings.services.themes.tallies import Tally, Weeks, merged, week_of
from soundings.services.themes.tuning import Tuning
from soundings.services.themes.words import Prints, number_of, words_of

YOUNG = tuple(2 ** (-step / 2) for step in range(12))
"""Shares of `regroup_posts` at which a young stream's themes are formed: what comes next is placed by them. They are
cheap while there is little to form."""


class _Text(NamedTuple):
    text: str
    print: int | None
    """The same for texts of the same words; None without words."""
    vector: Floats | None


class ThemeEngine:
    """Deterministic: the same posts in the same order give the same assignments and the same state, in whatever
    batches they come and however often the state was saved and loaded between. Not safe for use by two threads.
    """

    def __init__(
        self, encoder: Encoder, *, tuning: Tuning | None = None, stream: str = "", lineage: Lineage | None = None
    ) -> None:
        """`stream` goes before theme ids (a department's key), so that ids of two streams never meet."""
        self.encoder, self.stream = encoder, stream
        self.tuning = t = tuning or Tuning()
        self.lineage: Lineage = lineage or NoLineage()
        self.reader = Reader(
            vocabulary=t.vocabulary,
            width=encoder.width,
            words_share=t.words_share,
            samples=t.samples,
            pairs=t.pairs,
        )
        self.micro = MicroClusters(
            capacity=t.micro_clusters, width=encoder.width, vocabulary=t.vocabulary, words_share=t.words_share
        )
        self.storms = StormSampler(t.storm_minute)
        self.prints = Prints()
        self.weeks: dict[int, Weeks] = {}
        """By micro-cluster."""
        self.where: dict[int, int] = {}
        """Slot of each live micro-cluster."""
        self.copies: OrderedDict[int, tuple[int, int]] = OrderedDict()
        """Micro-cluster of each remembered text and how often it was copied, longest unseen first."""
        self.ids: OrderedDict[int, tuple[int | None, str | None]] = OrderedDict()
        """Outcome for each remembered post id, oldest first: micro-cluster and theme."""
        self.split_from: dict[int, int] = {}
        self.took_in: dict[int, list[int]] = {}
        self.young = frozenset(int(t.regroup_posts * share) for share in YOUNG) - {0}
        self.opened = 0
        self.next_theme = 0
        self.formed = 0
        """Texts that had been read when themes were last formed."""
        self.newest: datetime | None = None
        self.faded_at: datetime | None = None
        self.counts: dict[str, int] = {"received": 0, "assigned": 0, "duplicate": 0}
        self.counts.update({reason.value: 0 for reason in Skipped})

    def assign(self, posts: Sequence[ThemePost]) -> list[Assignment]:
        """Reads posts in order. A second delivery of an id gets the first one's answer and counts nothing."""
        prints = [self.prints.of(post.text) for post in posts]
        # Copies of known texts, most of a storm, need no vector; the rest are encoded together.
        cleaned = [
            words_of(post.text)[0] if print_ is not None and print_ not in self.copies else ""
            for post, print_ in zip(posts, prints, strict=True)
        ]
        unknown = list(dict.fromkeys(filter(None, cleaned)))
        vectors = dict(zip(unknown, self.encoder.encode(unknown), strict=True))
        done = [
            self._assign(post, _Text(post.text, print_, vectors.get(text)))
            for post, print_, text in zip(posts, prints, cleaned, strict=True)
        ]
        words_of.cache_clear()  # its keys are texts, which may be deleted meanwhile
        return done

    def _assign(self, post: ThemePost, text: "_Text") -> Assignment:
        self.counts["received"] += 1
        number = number_of(post.id)
        if number in self.ids:
            self.counts["duplicate"] += 1
            micro, theme = self.ids[number]
            return Assignment(post=post.id, theme=theme, micro=micro)
        if post.created_at and (self.newest is None or post.created_at > self.newest):
            self.newest = post.created_at
        if text.print is None:
            return self._skip(post, number, Skipped.NO_WORDS)
        known, copied = self.copies.get(text.print, (-1, 0))
        new = known not in self.where
        if new and not self.storms.reads(post.created_at, number):
            return self._skip(post, number, Skipped.SAMPLED_OUT)
        copied = 0 if new else copied + 1
        if new:
            slot = self._place(text, number)
        elif copied == self.tuning.promoted:
            slot = self._promote(self.where[known], text)
        else:
            slot = self.where[known]
        self._remember_text(text.print, slot, copied)
        micro, theme = int(self.micro.names[slot]), self.name(int(self.micro.theme[slot]))
        week = week_of(post.created_at)
        self.weeks[micro].setdefault(week, Tally()).count(post, number, new_text=new)
        self.counts["assigned"] += 1
        self._remember(number, micro, theme)
        self._regroup_when_due(new=new)
        return Assignment(post=post.id, theme=theme, micro=micro)

    def name(self, theme: int) -> str:
        return f"{self.stream}:{theme}" if self.stream else f"t{theme}"

    def _skip(self, post: ThemePost, number: int, reason: Skipped) -> Assignment:
        self.counts[reason.value] += 1
        self._remember(number, None, None)
        return Assignment(post=post.id, theme=None, micro=None, skipped=reason)

    def _remember(self, number: int, micro: int | None, theme: str | None) -> None:
        self.ids[number] = (micro, theme)
        if len(self.ids) > self.tuning.ids_remembered:
            self.ids.popitem(last=False)

    def _remember_text(self, print_: int, slot: int, copied: int) -> None:
        if copied:
            self.micro.seen[slot] = self.reader.texts
            self.micro.copies[slot] += 1
        self.copies[print_] = int(self.micro.names[slot]), copied
        self.copies.move_to_end(print_)
        if len(self.copies) > self.tuning.copies_remembered:
            self.copies.popitem(last=False)

    def _place(self, text: "_Text", number: int) -> int:
        """The slot that a new text goes to, which may be a new one."""
        encoded, held = self._encoded(text), words_of(text.text)[1]
        if self.reader.vocabulary.lacks_room(held):
            self.micro.words[self.reader.forget_words()] = 0
        vector, rows, weights = self.reader.learn(encoded, held)
        self.reader.measure(vector, rows, weights, number)
        slot = self._nearest(vector, rows, weights)
        self.micro.add(slot, vector, rows, weights, self.reader.texts)
        return slot

    def _promote(self, slot: int, text: "_Text") -> int:
        """A micro-cluster of its own for a text that is copied again and again; its earlier copies stay."""
        if self.micro.mass[slot] <= 1:
            return slot
        own = self._open(int(self.micro.theme[slot]))
        self.micro.add(own, *self.reader.read(self._encoded(text), words_of(text.text)[1]), self.reader.texts)
        return own

    def _encoded(self, text: "_Text") -> Floats:
        return self.encoder.encode([words_of(text.text)[0]])[0] if text.vector is None else text.vector

    def _nearest(self, vector: Floats, rows: Rows, weights: Floats) -> int:
        micro, scale = self.micro, self.reader.scale
        theme = -1
        if micro.live:
            alike = micro.similarity(vector, rows, weights)
            best = int(alike.argmax())
            room = 1 - micro.live / self.tuning.micro_clusters
            if alike[best] >= scale.at(self.tuning.join_crowded + room * (self.tuning.join - self.tuning.join_crowded)):
                return best
            theme = micro.nearest_theme(alike, scale.at(self.tuning.stray_joins))
        if theme < 0:
            theme, self.next_theme = self.next_theme, self.next_theme + 1
        return self._open(theme)

    def _open(self, theme: int) -> int:
        slot = self.micro.open(self.opened, theme, self.reader.texts)
        self.where[self.opened], self.weeks[self.opened] = slot, {}
        self.lineage.opened(self.opened, theme)
        self.opened += 1
        return slot

    def new_theme(self) -> str:
        """An id for a part of a theme that a person splits."""
        self.next_theme += 1
        return self.name(self.next_theme - 1)

    def _regroup_when_due(self, *, new: bool) -> None:
        texts = self.reader.texts
        if self.micro.live >= self.tuning.micro_clusters or texts - self.formed >= self.tuning.regroup_posts:
            self.regroup()
        elif new and texts in self.young:
            self.regroup(room=False)

    def regroup(self, *, room: bool = True) -> None:
        """Forms themes anew from all live micro-clusters; makes room. Also to be called at the end of a week."""
        self._fade()
        micro, live = self.micro, self.micro.live
        if not live:
            return
        words = micro.by_cluster()
        alike = micro.pairwise(words)
        place = form(micro, words, alike, self.weeks, self.reader, self.tuning, self._past())
        self.formed = self.reader.texts
        bound = {int(p): int(b) for p, b in zip(place, micro.bound[:live], strict=True) if b != FREE}
        naming = name_groups(
            place.tolist(), micro.theme[:live].tolist(), micro.mass[:live].tolist(), self.next_theme, bound
        )
        self.next_theme = naming.next_theme
        for slot in np.flatnonzero(naming.themes != micro.theme[:live]):
            self.lineage.moved(int(micro.names[slot]), int(naming.themes[slot]))
        for theme, into in naming.absorbed:
            self.lineage.absorbed(theme, into)
            self.took_in.setdefault(into, []).append(theme)
            self.took_in[into].extend(self.took_in.pop(theme, []))
        self.split_from.update(naming.split)
        micro.name_themes(naming.themes)
        if room and live > self.tuning.micro_clusters // 2:
            self._make_room(alike)
        self._forget_themes()

    def _past(self) -> Past | None:
        """Posts without times are a collection, where there is no week before."""
        if self.newest is None or not self.formed:
            return None
        micro, live = self.micro, self.micro.live
        placed = micro.first[:live] <= self.formed
        return Past.of(micro.theme[:live], placed, micro.mass[:live], self.tuning.past_doubt)

    def _make_room(self, alike: Floats) -> None:
        """Halves the micro-clusters: the most alike of one theme become one; if that is not enough, the lightest
        and longest unseen are forgotten. Uses `alike`, the similarity of every two, up."""
        micro, target = self.micro, self.tuning.micro_clusters // 2
        viral = micro.copies[: micro.live] >= self.tuning.viral
        least = self.reader.scale.at(self.tuning.one_for_room)
        lead = made_one(micro, alike, least, viral, target)
        gone: dict[int, int] = {}
        for slot in np.flatnonzero(lead != np.arange(micro.live)):
            name, into = int(micro.names[slot]), int(micro.names[lead[slot]])
            gone[name] = into
            self.lineage.merged(name, into)
            self.weeks[into] = merged([self.weeks[into], self.weeks.pop(name)])
        micro.merge(lead)
        if micro.live > target:
            self._keep(heaviest(micro, target), gone)
        else:
            self._index(gone)

    def _keep(self, slots: Rows, gone: Mapping[int, int]) -> None:
        for name in set(self.micro.names[: self.micro.live].tolist()) - set(self.micro.names[slots].tolist()):
            self.weeks.pop(name, None)
        self.micro.keep(slots)
        self._index(gone)

    def _index(self, gone: Mapping[int, int]) -> None:
        """`gone` are micro-clusters that became part of another."""
        self.where = {int(name): slot for slot, name in enumerate(self.micro.names[: self.micro.live])}
        for text, (name, count) in [held for held in self.copies.items() if held[1][0] not in self.where]:
            if (into := gone.get(name, name)) in self.where:
                self.copies[text] = into, count
            else:
                del self.copies[text]

    def _fade(self) -> None:
        """Once a week of event time: old posts lose weight, old weeks and faded micro-clusters go."""
        if self.newest is None:
            return
        if self.faded_at is None:
            self.faded_at = self.newest
        passed = (self.newest - self.faded_at).total_seconds() / (7 * 86_400)
        if passed < 1:
            return
        self.faded_at = self.newest
        self.micro.fade(0.5 ** (passed / self.tuning.half_life_weeks))
        self.reader.vocabulary.fade(0.5 ** (passed / self.tuning.half_life_weeks))
        for weeks in self.weeks.values():
            for week in sorted(weeks)[: -self.tuning.weeks_remembered]:
                del weeks[week]
        kept = np.flatnonzero(self.micro.mass[: self.micro.live] >= self.tuning.least_mass)
        if len(kept) < self.micro.live:
            self._keep(kept, {})

    def _forget_themes(self) -> None:
        alive = set(self.micro.theme[: self.micro.live].tolist())
        self.split_from = {theme: origin for theme, origin in self.split_from.items() if theme in alive}
        self.took_in = {theme: parts[-20:] for theme, parts in self.took_in.items() if theme in alive}
