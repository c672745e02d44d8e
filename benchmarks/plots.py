"""Draw the figures of docs/explanation/ranking.md: `python -m benchmarks.plots DIR... --to docs/images`."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from archive_search.strategies.staged import StagedStrategy
from benchmarks.judged import Judged, load
from benchmarks.ranking import bootstrap, measure

SWEPT = {
    "hubness": (0.0, 0.2, 0.4, 0.6, 0.8, 1.0),
    "feedback": (0.0, 0.2, 0.4, 0.6, 0.8, 1.0),
    "diffusion": (0.0, 0.2, 0.4, 0.6, 0.8),
    "width": (0.3, 0.5, 0.7, 0.9, 0.95, 1.0),
    "weight": (0.0, 0.05, 0.1, 0.2, 0.4),
}
"""The settings of `staged` and the values that they are tried at, the others at their defaults."""
WIDTH, HEIGHT, LEFT, BELOW = 420, 260, 56, 40


def main() -> None:
    """Write one SVG for every setting: the change of MAP against nearest, with its 95 % interval, over the setting."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--to", type=Path, required=True)
    chosen = parser.parse_args()
    sets = [load(folder) for folder in chosen.folders]
    for setting, values in SWEPT.items():
        lines = {judged.name: sweep(judged, setting, values) for judged in sets}
        (chosen.to / f"ranking-{setting}.svg").write_text(drawn(setting, values, lines), encoding="utf-8")
        for name, points in lines.items():
            said = "  ".join(f"{value:g}: {mean:+.1f} %" for value, (mean, _, _) in zip(values, points, strict=True))
            print(f"{setting:10} {name:12} {said}", flush=True)


def sweep(judged: Judged, setting: str, values: tuple[float, ...]) -> list[tuple[float, float, float]]:
    """The change of MAP in percent of that of nearest at each value, with its interval."""
    from archive_search.strategies.nearest import NearestStrategy

    baseline = measure(NearestStrategy(), judged)["AP"]
    points = []
    for value in values:
        scores = measure(StagedStrategy(**{setting: value}), judged)["AP"]
        change = np.array([scores[topic.id] - baseline[topic.id] for topic in judged.topics])
        percent = 100 / float(np.mean([baseline[topic.id] for topic in judged.topics]))
        points.append((float(change.mean()) * percent, *(end * percent for end in bootstrap(change))))
    return points


def drawn(setting: str, values: tuple[float, ...], lines: dict[str, list[tuple[float, float, float]]]) -> str:
    """An SVG with a line and a band for every collection, all on one scale."""
    colours = ("#0b6e8a", "#b5541c", "#4d7c2a")
    low = min(min(one[1] for one in points) for points in lines.values())
    high = max(max(one[2] for one in points) for points in lines.values())

    def x(value: float) -> float:
        return LEFT + (value - values[0]) / (values[-1] - values[0]) * (WIDTH - LEFT - 20)

    def y(change: float) -> float:
        return HEIGHT - BELOW - (change - low) / (high - low) * (HEIGHT - BELOW - 20)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        f'font-size="12" role="img" aria-label="MAP in percent above nearest over {setting}">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<line x1="{LEFT}" x2="{WIDTH - 20}" y1="{y(0):.1f}" y2="{y(0):.1f}" stroke="#888"/>',
        f'<text x="{WIDTH / 2}" y="{HEIGHT - 6}" text-anchor="middle">{setting}</text>',
    ]
    parts += [
        f'<text x="{LEFT - 6}" y="{y(tick) + 4:.1f}" text-anchor="end">{tick:+.0f} %</text>'
        for tick in (low, 0.0, high)
        if not tick or abs(y(tick) - y(0)) > 14  # a label on that of zero could not be read
    ]
    parts += [f'<text x="{x(value):.1f}" y="{HEIGHT - 22}" text-anchor="middle">{value:g}</text>' for value in values]
    for (name, points), colour in zip(lines.items(), colours, strict=False):
        path = " ".join(f"{x(value):.1f},{y(one[0]):.1f}" for value, one in zip(values, points, strict=True))
        above = [f"{x(value):.1f},{y(one[2]):.1f}" for value, one in zip(values, points, strict=True)]
        below = [f"{x(value):.1f},{y(one[1]):.1f}" for value, one in zip(values, points, strict=True)]
        parts.append(f'<polygon points="{" ".join([*above, *reversed(below)])}" fill="{colour}" opacity="0.12"/>')
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{LEFT + 8}" y="{16 + 15 * list(lines).index(name)}" fill="{colour}">{name}</text>')
    return "\n".join([*parts, "</svg>", ""])


if __name__ == "__main__":
    main()
