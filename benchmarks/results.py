"""The lessons' figures beside those of the tutorials that they follow.

    python -m benchmarks.results [NAME ...]        (needs the extra: pip install -e ".[demos]")

Each lesson in `demos/` is run in full, with `--seed 0`, one after the other in one process; the seconds are those of
the whole run, reading the data and drawing the pictures included. "—" stands where a tutorial prints no figure. Where
chance matters, a figure is the mean of several runs with the smallest and the largest: of the seeds 0, 1 and 2 or, for
churn, of the splits 0 to 4.
"""

import argparse
import importlib
import time
import warnings
from pathlib import Path

from benchmarks.report import Table, report
from demos.__main__ import lessons
from demos.common import Options
from demos.data import SubstituteWarning


def table(name: str, options: Options) -> Table:
    """The figures of a lesson, and how long it took."""
    start = time.perf_counter()
    figures = importlib.import_module(f"demos.{name}").main(options)
    seconds = time.perf_counter() - start
    rows = [(figure.name, figure.tutorial, figure.here) for figure in figures]
    return Table(f"{name}, {seconds:.0f} s", ("figure", "tutorial", "here"), rows)


def main() -> None:
    """Run the lessons, print their tables and, if asked, write them to a file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="lessons, all if none is named")
    parser.add_argument("--quick", action="store_true", help="short runs, on part of the data")
    parser.add_argument("--folder", type=Path, default=Path("pictures"), help="where the pictures go (./pictures)")
    parser.add_argument("--markdown", type=Path, help="write the tables to this file too")
    options = parser.parse_args()
    known = list(lessons())
    if unknown := set(options.names) - set(known):
        parser.error(f"there is no lesson {', '.join(sorted(unknown))}: python -m demos lists them")
    if options.markdown and (options.names or options.quick):
        parser.error("--markdown records all lessons, run in full: name none, and leave --quick out")
    options.folder.mkdir(parents=True, exist_ok=True)
    warnings.simplefilter("error", SubstituteWarning)  # figures of other data than the tutorial's are none
    run = Options(options.quick, options.folder)
    tables = [table(name, run) for name in options.names or known]
    report(__doc__ or "", ("chainrule", "numpy", "scikit-learn"), tables, options.markdown)


if __name__ == "__main__":
    main()
