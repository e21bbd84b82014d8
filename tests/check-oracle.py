#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""check-oracle.py EVAL_CASES ORACLE CHOSEN: what other engines answered.

Evaluates every row of ORACLE/cases.tsv with the program EVAL_CASES and
compares.  A row that differs must stand in CHOSEN, with the reason why our
answer is another one; a reason that is no longer needed is an error too.
"""
import collections
import math
import os
import subprocess
import sys

# Where each engine's answers were recorded.
ZONES = {"rxeval": "America/Sao_Paulo"}
ZONE = "America/Phoenix"


def read_rows(path):
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    rows = [line.split("\t") for line in lines[1:] if line]
    return [row + [""] * (6 - len(row)) for row in rows]


def read_chosen(path):
    chosen = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            line = line.rstrip("\n")
            if line and not line.startswith("#"):
                source, doc, expr, reason = line.split("\t")
                chosen[(source, doc, expr)] = reason
    return chosen


def evaluate(program, docs, rows, zone):
    lines = "".join("\t".join(row[1:5]) + "\n" for row in rows)
    done = subprocess.run(
        [program, docs],
        input=lines.encode(),
        stdout=subprocess.PIPE,
        env={**os.environ, "TZ": zone, "LC_ALL": "C.UTF-8"},
        check=True,
    )
    values = done.stdout.decode().split("\n")[:-1]
    if len(values) != len(rows):
        sys.exit(f"{len(values)} values for {len(rows)} expressions")
    return values


def same_number(ours, theirs):
    try:
        a, b = float(ours), float(theirs)
    except ValueError:
        return False
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) and math.isnan(b)
    if math.isinf(a) or math.isinf(b):
        return a == b
    # Enketo rounds lengths and areas to two decimals.
    places = len(theirs.partition(".")[2])
    near = 0.005 if places == 2 and abs(b) > 1 else 1e-12 * max(1, abs(b))
    return abs(a - b) <= near


def agrees(kind, ours, theirs):
    if kind == "error":
        return ours.startswith("ERROR: ")
    if kind == "number":
        return same_number(ours, theirs)
    return ours == theirs


def find_reason(chosen, row):
    for engine in (row[0], row[0].split("-")[0]):
        for doc in (row[1], "*"):
            if (engine, doc, row[4]) in chosen:
                return engine, doc, row[4]
    return None


def main():
    program, oracle, chosen_path = sys.argv[1:]
    if not os.path.exists(oracle + "/cases.tsv"):
        print("skipped: needs ../shared")
        sys.exit(77)
    rows = read_rows(oracle + "/cases.tsv")
    chosen = read_chosen(chosen_path)
    by_zone = collections.defaultdict(list)
    for row in rows:
        by_zone[ZONES.get(row[0].partition("/")[2], ZONE)].append(row)
    tally = collections.defaultdict(collections.Counter)
    used, unexplained = set(), 0
    for zone, some in by_zone.items():
        values = evaluate(program, oracle + "/docs", some, zone)
        for row, ours in zip(some, values):
            source, doc, context, kind, expr, theirs = row[:6]
            tally[source]["rows"] += 1
            if agrees(kind, ours, theirs):
                tally[source]["agree"] += 1
                continue
            found = find_reason(chosen, row)
            if found:
                used.add(found)
                tally[source]["chosen"] += 1
                print(f"chosen: {source} {doc}: {expr}: {chosen[found]}")
            else:
                unexplained += 1
                print(f"DIFFERS: {source}\t{doc}\t{context[-60:]}\t{expr}\t"
                      f"{kind} {theirs[:200]!r}, ours {ours[:200]!r}")
    for source, count in sorted(tally.items()):
        print(f"oracle: {source}: {count['rows']} rows, {count['agree']} agree,"
              f" {count['chosen']} chosen")
    stale = set(chosen) - used
    for source, doc, expr in sorted(stale):
        print(f"NO LONGER DIFFERS: {source}\t{doc}\t{expr}")
    print(f"oracle: {len(rows)} rows, {unexplained} unexplained")
    sys.exit(1 if unexplained or stale else 0)


main()
