"""Measures the pipeline several times over: `soundings bench` once is one throw of the dice on a busy machine.

    python -m benchmarks.pipeline --runs 3 [FILE --accounts ACCOUNTS.toml]

Prints every run's JSON line by line as it comes, and at the end the median of each speed with its range.
"""

import argparse
import json
import statistics
import subprocess
import sys
from typing import Any

FIGURES = ("pipeline_mentions_per_second", "bare_copy_per_second", "ratio", "ingest_per_second")


def run(arguments: list[str]) -> dict[str, Any]:
    """One `soundings bench`; its progress goes to the terminal."""
    command = (sys.executable, "-c", "from soundings.deploy.cli import main; main()", "bench", *arguments)
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    own, others = parser.parse_known_args()
    every = []
    for _ in range(own.runs):
        every.append(run(others))
        print(json.dumps(every[-1]), flush=True)
    for name in FIGURES:
        values = sorted(each[name] for each in every)
        print(f"{name}: median {statistics.median(values):g}, {values[0]:g} to {values[-1]:g}")


if __name__ == "__main__":
    main()
