"""Print every figure this project watches: `python -m tests.bench`, also where it falls short of its budget."""

import argparse
import json
import sys

from tests.bench.table import as_rows, as_table, measured


def main() -> int:
    """Run the benches and print their table; exits with 1 when a figure misses its budget."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("only", nargs="*", metavar="NAME", help="run only benches with this in their name")
    parser.add_argument("--runs", type=int, help="how often each is measured (default: what the bench thinks right)")
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    options = parser.parse_args()
    figures = list(measured(options.only, options.runs))
    print(json.dumps(as_rows(figures), indent=2) if options.json else as_table(figures))
    return 1 if any(figure.met is False for figure in figures) else 0


if __name__ == "__main__":
    sys.exit(main())
