"""The calendar, measured: `make bench-calendar`, or `python -m benchmarks.calendar 3` for one part."""

from __future__ import annotations

import argparse

from benchmarks.calendar import greedy, hostile, optimum, speed, touchpoints, week

PARTS = {
    "1": optimum.alone,
    "1b": optimum.together,
    "2": greedy.report,
    "3": speed.report,
    "4": hostile.report,
    "5": touchpoints.report,
    "6": week.report,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"which of {', '.join(PARTS)}; all if none is named")
    for number, name in enumerate(parser.parse_args().parts or PARTS):
        print("\n" * (number > 0) + PARTS[name](), flush=True)


if __name__ == "__main__":
    main()
