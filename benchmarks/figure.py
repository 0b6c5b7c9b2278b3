#!/usr/bin/python3
"""Draws measured time against FLOPs and against roofline time, from Google Benchmark's JSON.

    benchmarks/figure.py guidelines.json benchmarks/guidelines.svg --enlarge-from 5

Rows need the counters flops and roofline_us. Names are FAMILY/SERIES/VARIANT: a colour per family, a line per series;
shorter ones are all of one family. Of repetitions the median is drawn. Time is CPU time: on a shared machine the other
one includes other programs.
"""

import argparse
import json
import statistics
import sys

try:
    import matplotlib
    matplotlib.use("Agg")
    matplotlib.rcParams.update({
        "svg.fonttype": "none", "svg.hashsalt": "ctnn",  # text stays text; the same numbers give the same file
        "font.family": "sans-serif", "font.size": 9, "axes.spines.top": False, "axes.spines.right": False,
        "axes.grid": True, "grid.color": "#e4e4e4", "grid.linewidth": 0.6, "axes.axisbelow": True,
    })
    import matplotlib.pyplot as plt  # after the choice of the backend
except ImportError:
    plt = None  # rows are read without

SECONDS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}
# after Okabe and Ito, whose colours differ for everybody; darker where text of that colour would be pale
STYLES = list(zip(["#0072b2", "#d55e00", "#00805d", "#b0558a", "#a67300", "#2f8fc4", "#000000"], "osD^vP*"))


def read_runs(path, counters):
    """The repetitions of every row, which need those counters, by name in the order they were registered; and the
    context that the program wrote."""
    try:
        with open(path, encoding="utf-8") as file:
            report = json.load(file)
    except OSError as error:
        sys.exit(f"{path}: {error.strerror}")
    except ValueError as error:
        sys.exit(f"{path}: not JSON: {error}")
    runs_of_all = report.get("benchmarks") if isinstance(report, dict) else None
    if not runs_of_all or not all(isinstance(run, dict) for run in runs_of_all):
        sys.exit(f"{path}: no benchmarks in it; it must be what Google Benchmark's --benchmark_out writes")
    runs = {}
    for run in sorted(runs_of_all, key=lambda run: run.get("family_index", 0)):
        name = run.get("run_name", run.get("name"))
        if run.get("error_occurred"):
            sys.exit(f"{path}: {name}: {run.get('error_message', 'failed')}")
        missing = {*counters, "cpu_time", "time_unit"} - run.keys()
        if missing:
            sys.exit(f"{path}: {name}: has no {', no '.join(sorted(missing))}")
        # aggregates repeat what the repetitions say, unless the program was told to write nothing else
        if run.get("aggregate_name", "median") == "median":
            runs.setdefault(name, {}).setdefault(run.get("run_type", "iteration"), []).append(run)
    repetitions = {name: by_type.get("iteration") or by_type["aggregate"] for name, by_type in runs.items()}
    return repetitions, report.get("context", {})


def seconds(run):
    return run["cpu_time"] * SECONDS[run["time_unit"]]


def read_rows(path):
    """The rows by name: {name: (FLOPs, roofline time, measured time)}, in seconds; and the peak in GFLOP/s, 0 where
    the program did not say."""
    runs, context = read_runs(path, ("flops", "roofline_us"))
    rows = {}
    for name, repetitions in runs.items():
        measured = statistics.median(map(seconds, repetitions))
        rows[name] = repetitions[0]["flops"], repetitions[0]["roofline_us"] * 1e-6, measured
        if min(rows[name]) <= 0:
            sys.exit(f"{path}: {name}: FLOPs, roofline time and measured time must be positive")
    return rows, float(context.get("peak_gflops", 0))


def parts_of(name):
    """Family, series and variant of a row."""
    return tuple(["", "", *name.split("/", 2)][-3:])


def labels_of(rows):
    """A short text for each row: its variant, or its series where the family has several of that variant."""
    parts = {name: parts_of(name) for name in rows}
    variants = [(family, variant) for family, _, variant in parts.values()]
    return {name: (variant if variants.count((family, variant)) == 1 else series).replace("_", " ")
            for name, (family, series, variant) in parts.items()}


PLACES = {"right": (6, 0, "left", "center"), "left": (-6, 0, "right", "center"), "above": (0, 5, "center", "bottom"),
          "below": (0, -5, "center", "top")}


def place_labels(axes, points, labels, sides="right left above below"):
    """Writes labels {name: (text, colour)} beside points {name: (x, y)}, on the first side that has room; where none
    has, not."""
    renderer = axes.figure.canvas.get_renderer()
    frame = axes.get_window_extent(renderer)
    taken = {name: matplotlib.transforms.Bbox.from_bounds(*(axes.transData.transform(point) - 5), 10, 10)
             for name, point in points.items()}
    for name, (text, colour) in labels.items():
        others = [box for other, box in taken.items() if other != name]
        for dx, dy, side, height in map(PLACES.get, sides.split()):
            label = axes.annotate(text, points[name], (dx, dy), textcoords="offset points", ha=side, va=height,
                                  color=colour, fontsize=8, bbox={"color": "white", "alpha": 0.7, "pad": 0.3})
            box = label.get_window_extent(renderer).padded(1)
            inside = frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1
            if inside and not any(map(box.overlaps, others)):
                taken[name, "label"] = box
                break
            label.remove()


def plot(axes, rows, cost, styles, peak):
    """Draws rows' measured time against FLOPs (cost 0) or roofline time (1), and what it could be at best."""
    lines = {}
    for name, row in rows.items():
        lines.setdefault(parts_of(name)[:2], []).append((row[cost], row[2]))
    for (family, _), line in lines.items():
        colour, marker = styles[family]
        axes.plot(*zip(*line), color=colour, marker=marker, markersize=4.5, linewidth=0.8)
    if cost == 1 or peak:
        ends = [f(row[cost] for row in rows.values()) for f in (min, max)]
        axes.plot(ends, [x if cost == 1 else x / (peak * 1e9) for x in ends], color="#888888", linewidth=0.9,
                  linestyle="--")
    axes.set(xscale="log", yscale="log")
    for axis, numbers, unit in ((axes.xaxis, [row[cost] for row in rows.values()], "s" if cost else ""),
                                (axes.yaxis, [row[2] for row in rows.values()], "s")):
        axis.set_major_formatter(matplotlib.ticker.EngFormatter(unit))
        axis.set_minor_formatter(matplotlib.ticker.NullFormatter())
        if max(numbers) < 20 * min(numbers):  # decades alone would be too few ticks
            axis.set_major_locator(matplotlib.ticker.LogLocator(subs=(1, 1.5, 2, 3, 4, 6, 8)))


def need_matplotlib():
    if plt is None:
        sys.exit("needs matplotlib (Debian: python3-matplotlib)")


def save(figure, path):
    try:
        figure.savefig(path, metadata={"Date": None} if path.endswith(".svg") else None)
    except (OSError, ValueError) as error:  # ValueError: no such format
        sys.exit(f"{path}: {error}")


def draw(rows, peak, enlarge_from, path):
    need_matplotlib()
    families = list(dict.fromkeys(parts_of(name)[0] for name in rows))
    styles = {family: STYLES[i % len(STYLES)] for i, family in enumerate(families)}
    long = {name: row for name, row in rows.items() if row[2] >= enlarge_from}
    short = {name: row for name, row in rows.items() if name not in long}
    pictures = [(rows, short), (long, long)] if long and short else [(rows, rows)]  # what is drawn, and what labelled
    figure, panels = plt.subplots(len(pictures), 2, sharey="row", squeeze=False, layout="constrained",
                                  figsize=(11, 0.6 + 4.2 * len(pictures)))
    for pair, (drawn, _) in zip(panels, pictures):
        for cost, axes in enumerate(pair):
            plot(axes, drawn, cost, styles, peak)
        pair[0].set(ylabel="measured time")
    panels[-1][0].set(xlabel="FLOPs (dashed: at the measured peak)" if peak else "FLOPs")
    panels[-1][1].set(xlabel="roofline time (dashed: measured = roofline)")
    keys = [matplotlib.lines.Line2D([], [], color=colour, marker=marker, markersize=5, linewidth=0.8)
            for colour, marker in styles.values()]
    panels[0][0].legend(keys, [family.replace("_", " ") or "other" for family in families], loc="upper left",
                        frameon=False)
    figure.canvas.draw()
    labels = {name: (text, styles[parts_of(name)[0]][0]) for name, text in labels_of(rows).items()}
    for pair, (drawn, labelled) in zip(panels, pictures):
        for cost, axes in enumerate(pair):
            place_labels(axes, {name: (row[cost], row[2]) for name, row in drawn.items()},
                         {name: labels[name] for name in labelled})
    save(figure, path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("json", help="from --benchmark_out=FILE")
    parser.add_argument("figure", help="the file to write: .svg, .png or .pdf")
    parser.add_argument("--enlarge-from", type=float, default=float("inf"), metavar="MS",
                        help="draw the rows that take so many milliseconds or more once more, enlarged")
    arguments = parser.parse_args()
    draw(*read_rows(arguments.json), arguments.enlarge_from * 1e-3, arguments.figure)
