"""Draw the table of a batch: `python benchmarks/run.py project | python benchmarks/plot.py TITLE > FILE`.

The bars are the cost of a record, the shorter the better.
"""

import sys
from html import escape

ROW, LEFT, WIDTH = 28, 210, 420


def bars(text: str) -> list[tuple[str, float]]:
    """The peers of the first table and their cost."""
    found = []
    for line in text.partition("µs for one record")[0].splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) > 2 and cells[1].replace(".", "", 1).isdigit():
            found.append((cells[0], float(cells[1])))
    return found


def drawn(title: str, found: list[tuple[str, float]]) -> str:
    """The plot as SVG."""
    longest, height = max(cost for _, cost in found), ROW * (len(found) + 2)
    box = f"0 0 {LEFT + WIDTH + 80} {height}"
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" font-size="13" role="img">',
        f"<title>{escape(title)}</title>",
        f'<text x="0" y="{ROW - 8}" font-weight="bold" fill="gray">{escape(title)}</text>',
    ]
    for place, (name, cost) in enumerate(found, start=1):
        y, colour = ROW * place + 8, "#2a7a9b" if name.startswith("participant_rules") else "#9aa5ab"
        wide = cost / longest * WIDTH
        lines += [
            f'<text x="0" y="{y + 14}" fill="gray">{escape(name)}</text>',
            f'<rect x="{LEFT}" y="{y}" width="{wide:.1f}" height="18" rx="3" fill="{colour}"/>',
            f'<text x="{LEFT + wide + 6:.1f}" y="{y + 14}" fill="gray">{cost:.1f} µs</text>',
        ]
    return "\n".join([*lines, "</svg>", ""])


if __name__ == "__main__":
    sys.stdout.write(drawn(sys.argv[1], bars(sys.stdin.read())))
