"""Reads the runs of balancer.sh and prints medians and ratios as Markdown.

A run is a line: case, connections, proxy, processor ticks (user, system) before and after, then
wrk's requests, microseconds, bytes, errors and latency (median, 99 %) in microseconds.
"""

import statistics
import sys
from collections import defaultdict

BODY = {"64k": 65536}  # of other responses: 100


def main(path, ticks_per_second, machine):
    runs, failed = defaultdict(list), defaultdict(float)
    for line in open(path):
        case, connections, proxy, *numbers = line.split()
        u0, s0, u1, s1, requests, duration, octets, errors, p50, p99 = map(float, numbers)
        if requests == 0 or octets < requests * BODY.get(case, 100):
            sys.exit(f"not all requests were answered in full: {line}")
        failed[case, int(connections), proxy] += errors
        scale = 1e6 / float(ticks_per_second) / requests
        runs[case, int(connections), proxy].append(
            (requests / duration * 1e6, p50 / 1e3, p99 / 1e3, (u1 - u0) * scale, (s1 - s0) * scale)
        )

    medians, spread = {}, {}
    for key, rows in runs.items():
        totals = [user + system for *_, user, system in rows]
        medians[key] = [statistics.median(column) for column in zip(*rows)] + [statistics.median(totals)]
        spread[key] = min(totals), max(totals)

    print(machine, end="\n\n")
    print("| case | connections | proxy | requests/s | p50 ms | p99 ms | processor µs per request | user | lowest–highest | errors |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for key, (rate, p50, p99, user, _, total) in medians.items():
        low, high = spread[key]
        print(f"| {key[0]} | {key[1]} | {key[2]} | {rate:,.0f} | {p50:.2f} | {p99:.2f} | {total:.2f} | {user:.2f} "
              f"| {low:.2f}–{high:.2f} | {failed[key]:.0f} |")

    peers = [p for p in ("nginx", "haproxy") if any(key[2] == p for key in runs)]
    if not peers or not any(key[2] == "muster" for key in runs):
        return
    heads = [f"muster : {peer}" for peer in peers] + ["muster : better peer"]
    print("\nRatios of the medians, processor time per request (lower is better) / requests per second.\n")
    print("| case | connections | " + " | ".join(heads) + " |")
    print("|---|---|" + "---|" * len(heads))
    for case, connections in dict.fromkeys(key[:2] for key in runs):
        mine = medians[case, connections, "muster"]
        theirs = [medians[case, connections, peer] for peer in peers]
        cells = [f"{mine[5] / t[5]:.2f} / {mine[0] / t[0]:.2f}" for t in theirs]
        cells.append(f"{mine[5] / min(t[5] for t in theirs):.2f} / {mine[0] / max(t[0] for t in theirs):.2f}")
        print(f"| {case} | {connections} | " + " | ".join(cells) + " |")


main(*sys.argv[1:])
