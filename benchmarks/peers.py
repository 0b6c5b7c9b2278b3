#!/usr/bin/python3
"""Runs benchmarks that put ctnn beside other engines, interleaved and on one core, and prints who took how long.

    benchmarks/peers.py build/release/benchmarks/benchmark_networks --json networks.json
    benchmarks/peers.py build/release/benchmarks/benchmark_convolution
    benchmarks/peers.py networks.json --figure benchmarks/networks.svg

Rows are NAME/ENGINE, and ctnn's is compared with the fastest other engine of that name; NAME_int8 is the same in eight
bits, NAME_f16 in half precision, NAME_bf16 in bfloat16, and compared with ctnn's own time for NAME too. Numbers are
medians over the repetitions; "spread" is the distance between the quartiles, in percent of the median. Time is CPU
time. The share of peak is of the multiply-add rate of that number format, measured beside each repetition. --figure
draws time against multiply-accumulates in single precision.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True  # no folder of it beside the sources
import figure  # noqa: E402


def measure(program, json_file, core, repetitions, min_time, only):
    """Runs a benchmark program, on that core alone; what it prints is in the JSON too."""
    command = [program, f"--benchmark_out={json_file}", "--benchmark_out_format=json",
               f"--benchmark_repetitions={repetitions}", f"--benchmark_min_time={min_time}",
               "--benchmark_enable_random_interleaving=true", f"--benchmark_filter={only}"]
    try:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL,
                       preexec_fn=lambda: os.sched_setaffinity(0, {core}))
    except (OSError, subprocess.SubprocessError) as error:
        sys.exit(f"{program}: {error}")


class Sample:
    """One engine's repetitions of a row."""

    def __init__(self, runs):
        times = [1e6 * figure.seconds(run) for run in runs]
        low, self.us, high = statistics.quantiles(times, n=4) if len(times) > 1 else times * 3
        self.spread = (high - low) / self.us
        self.macs = runs[0]["macs"]
        self.roofline_us = runs[0].get("roofline_us", 0.0)  # none without vectors
        self.gflops = 2e-3 * self.macs / self.us
        self.of_peak = statistics.median(run.get("of_peak", 0.0) for run in runs)


def read_samples(path):
    """{name: {engine: Sample}} and the context."""
    runs, context = figure.read_runs(path, ("macs",))
    samples = {}
    for row, repetitions in runs.items():
        name, _, engine = row.rpartition("/")
        samples.setdefault(name, {})[engine] = Sample(repetitions)
    return samples, context


FORMATS = ("_int8", "_f16", "_bf16")


def own_in_f32(samples, name):
    """ctnn's sample of the same row in single precision; None where there is none."""
    own = next((suffix for suffix in FORMATS if name.endswith(suffix)), None)
    return samples.get(name.removesuffix(own), {}).get("ctnn") if own else None


def best_peer(engines):
    """The fastest engine but ctnn; None where there is no other."""
    return min((engine for engine in engines if engine != "ctnn"), key=lambda engine: engines[engine].us, default=None)


def digits(us):
    return f"{us:.3g}" if us < 100 else f"{us:,.0f}"


def print_table(samples, context):
    peak, peak_int8 = (float(context.get(key, 0)) for key in ("peak_gflops", "peak_int8_gops"))
    print(f"{context.get('instruction_set', '')}, peak {peak:.0f} GFLOP/s, of int8 {peak_int8:.0f} GOP/s; "
          "times in microseconds\n")
    print("| | MACs | ctnn | spread | GFLOP/s | of peak | roofline | best peer | | spread | peer / ctnn | own f32 / own |")
    print("|---|--:|--:|--:|--:|--:|--:|---|--:|--:|--:|--:|")
    for name, engines in samples.items():
        own = engines.get("ctnn")
        if own is None:
            continue
        columns = [name.replace("_", " "), f"{own.macs:,.0f}", digits(own.us), f"{own.spread:.0%}", f"{own.gflops:.0f}",
                   f"{own.of_peak:.0%}", digits(own.roofline_us)]
        best = best_peer(engines)
        if best is not None:
            peer = engines[best]
            columns += [best.replace("_", " "), digits(peer.us), f"{peer.spread:.0%}", f"{peer.us / own.us:.2f}"]
        else:
            columns += [""] * 4
        f32 = own_in_f32(samples, name)
        columns.append(f"{f32.us / own.us:.2f}" if f32 is not None else "")
        print(f"| {' | '.join(columns)} |")


def draw(samples, peak_gflops, path):
    """Time against multiply-accumulates: a marker per engine, and what the time could be at best."""
    figure.need_matplotlib()
    engines = list(dict.fromkeys(engine for row in samples.values() for engine in row))
    points = {(name, engine): (sample.macs, sample.us * 1e-6)
              for name, row in samples.items() for engine, sample in row.items()}
    rooflines = [(row["ctnn"].macs, row["ctnn"].roofline_us * 1e-6) for row in samples.values()
                 if "ctnn" in row and row["ctnn"].roofline_us > 0]
    picture, axes = figure.plt.subplots(figsize=(8, 5.4), layout="constrained")
    for name, row in samples.items():  # from the roofline, where there is one, to the slowest engine
        times = [sample.us for sample in row.values()]
        times += [row["ctnn"].roofline_us] if rooflines and "ctnn" in row else []
        macs = points[name, next(iter(row))][0]
        axes.plot([macs, macs], [min(times) * 1e-6, max(times) * 1e-6], color="#cccccc", linewidth=0.8, zorder=1)
    for engine, (colour, marker) in zip(engines, figure.STYLES):
        axes.plot(*zip(*(point for (_, own), point in points.items() if own == engine)), color=colour, marker=marker,
                  markersize=5, linestyle="none", zorder=3 if engine == "ctnn" else 2, label=engine.replace("_", " "))
    if rooflines:
        axes.plot(*zip(*rooflines), color="#666666", linestyle="none", marker="_", markersize=9,
                  label="roofline of its layers")
    ends = [f(macs for macs, _ in points.values()) for f in (min, max)]
    if peak_gflops:
        axes.plot(ends, [2e-9 * macs / peak_gflops for macs in ends], color="#888888", linewidth=0.9, linestyle="--",
                  label=f"measured peak, {peak_gflops:.0f} GFLOP/s")
    axes.set(xscale="log", yscale="log", xlabel="multiply-accumulates", ylabel="time, one core",
             xlim=(ends[0] / 8, ends[1] * 2))  # room for labels on the left
    axes.xaxis.set_major_formatter(figure.matplotlib.ticker.EngFormatter())
    axes.yaxis.set_major_formatter(figure.matplotlib.ticker.EngFormatter("s"))
    axes.legend(loc="upper left", frameon=False)
    picture.canvas.draw()
    slowest = {name: max(row, key=lambda engine: row[engine].us) for name, row in samples.items()}
    figure.place_labels(axes, points, {(name, engine): (name.replace("_", " "), "#333333")
                                       for name, engine in slowest.items()}, sides="left above right below")
    figure.save(picture, path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", help="a benchmark program, or the JSON that one wrote")
    parser.add_argument("--json", help="keep the program's JSON")
    parser.add_argument("--figure", help="draw this file: .svg, .png or .pdf")
    parser.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)))
    parser.add_argument("--repetitions", type=int, default=9)
    parser.add_argument("--min-time", type=float, default=0.05, help="seconds per repetition")
    parser.add_argument("--filter", default=".", help="only rows whose names match")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        json_file = arguments.source
        if not json_file.endswith(".json"):
            json_file = arguments.json or os.path.join(folder, "rows.json")
            measure(arguments.source, json_file, arguments.core, arguments.repetitions, arguments.min_time,
                    arguments.filter)
        rows, about = read_samples(json_file)
    print_table(rows, about)
    if arguments.figure:
        f32_rows = {name: row for name, row in rows.items() if not name.endswith(FORMATS)}
        draw(f32_rows, float(about.get("peak_gflops", 0)), arguments.figure)
