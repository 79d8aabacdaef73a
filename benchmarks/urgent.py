"""How many posts that cannot wait an archive holds, and what looking for them costs: JSON on standard output, no text.

python benchmarks/urgent.py ARCHIVE ACCOUNTS.toml
"""

import json
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from soundings.services.domain.posts import Mention, Post, Sentiment, SpeechAct, Tags
from soundings.services.intake.accounts import load_accounts
from soundings.services.intake.archive import Line, read_archive
from soundings.services.intake.pseudonyms import Pseudonyms
from soundings.services.intake.urgent import urgent_of

UNTAGGED = Tags(lang="und", sentiment=Sentiment.NEUTRAL, hostility=0, offensive=False, acts=(SpeechAct.OTHER,))
"""The rules read the text alone."""


def posts(archive: Path, accounts: Path) -> list[Post]:
    book = load_accounts(accounts)
    pseudonyms = Pseudonyms("only for this benchmark", book.named)
    lines = read_archive(archive, book, pseudonyms, "benchmark", now=datetime.now(UTC))
    found = (line.post for line in lines if isinstance(line, Line))
    return [post for post in found if post is not None and post.departments and not post.own_account]


def main() -> None:
    archive, accounts = map(Path, sys.argv[1:])
    mentions = [Mention(post=post, tags=UNTAGGED) for post in posts(archive, accounts)]
    began = time.process_time()
    found = [urgent for mention in mentions if (urgent := urgent_of(mention, "any", live=False))]
    seconds = time.process_time() - began
    span = max(each.post.created_at for each in mentions) - min(each.post.created_at for each in mentions)
    weeks = span.total_seconds() / (7 * 86_400)
    told = {urgent.appeal: urgent for urgent in found}
    report = {
        "posts": len(mentions),
        "weeks": round(weeks, 1),
        "urgent_posts": len(found),
        "notices": len(told),
        "notices_per_week": round(len(told) / weeks, 2),
        "reasons": Counter(urgent.reason for urgent in told.values()),
        "microseconds_per_post": round(seconds / len(mentions) * 1e6, 1),
    }
    sys.stdout.write(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    main()
