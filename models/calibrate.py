#!/usr/bin/env python3
"""Makes models/cues/confidence.toml from reports of `intake eval --json`.

    intake eval --json SET > report.json      # with confidence.toml emptied
    models/calibrate.py report.json ... --forms report.json ... > models/cues/confidence.toml

Reports behind `--forms` are of request forms drawn alone (`generate --only
precert_form`): they count for the numbers, codes and days that a form asks
for, and for nothing that covers, letters and orders tell in words.

For each field, or for its group where a field was seen too seldom, the share
of values that were right is made to rise with the confidence they were given
(pooling of adjacent violators), and written as pairs. Use reports on layouts
that may be tuned to, never those kept out.
"""

import json
import sys

# What request forms drawn alone count for.
OF_FORMS = {
    "ordering.phone", "ordering.fax", "rendering.phone", "rendering.fax",
    "dates.service", "hcpcs", "icd10", "npi", "tin", "place_of_service",
}

# Of names and addresses a letter makes a wrong value that still says who and where
# somebody is: what would be listed stays so.
TEXTS = {"names", "addresses"}
LISTED = 0.602

# A field of its own needs so many values; below, its group speaks for it.
LEAST = 120
# Values to a pair, at least: fewer tell a share too roughly.
STEP = 60

# What is said to be certain must be wrong less than once in five hundred times.
CERTAIN = 0.99
UNPROVEN = 0.989
PROVEN = 0.998

# Errors count so many times.
HELD_BACK = 1.25

GROUPS = {
    "names": ["member.name", "ordering.name", "rendering.name", "facility.name"],
    "phones": ["ordering.phone", "ordering.fax", "rendering.phone", "rendering.fax",
               "facility.phone", "facility.fax"],
    "addresses": ["ordering.address", "rendering.address", "facility.address"],
    "dates": ["dates.service", "dates.order", "dates.visit", "dates.anticipated_discharge",
              "dates.delivered", "member.date_of_birth"],
    "codes": ["hcpcs", "icd10"],
    "numbers": ["npi", "tin", "member.id"],
    "places": ["place_of_service"],
}


def read(arguments):
    """Counts by field and confidence: {field: {confidence: [values, right]}}."""
    counts = {}
    forms = False
    for path in arguments:
        if path == "--forms":
            forms = True
            continue
        with open(path, encoding="utf-8") as file:
            by_field = json.load(file)["confidence"]["by_field"]
        for field, rows in by_field.items():
            if forms and field not in OF_FORMS:
                continue
            for confidence, values, right in rows:
                cell = counts.setdefault(field, {}).setdefault(confidence, [0, 0])
                cell[0] += values
                cell[1] += right
    return counts


def pooled(fields, counts):
    sum_ = {}
    for field in fields:
        for confidence, (values, right) in counts.get(field, {}).items():
            cell = sum_.setdefault(confidence, [0, 0])
            cell[0] += values
            cell[1] += right
    return sum_


def pairs(cells):
    """Blocks of at least STEP values whose shares rise, as pairs of their mean confidence
    and their share. What is CERTAIN begins where a block of it does."""
    blocks = []
    for confidence in sorted(cells):
        values, right = cells[confidence]
        # A hundredth is named by its lower edge.
        blocks.append([(confidence + 0.005) * values, values, right])
    merged = []
    for block in blocks:
        merged.append(block)
        while len(merged) > 1 and (
            merged[-2][1] < STEP or share(merged[-2]) >= share(merged[-1])
        ):
            last = merged.pop()
            merged[-1] = [a + b for a, b in zip(merged[-1], last)]
    if len(merged) > 1 and merged[-1][1] < STEP:
        last = merged.pop()
        merged[-1] = [a + b for a, b in zip(merged[-1], last)]
    told, lowest = [], sorted(cells)
    for block in merged:
        mean, worth = min(block[0] / block[1], 1.0), share(block)
        begins, seen = lowest[0], 0
        while seen < block[1]:
            seen += cells[lowest.pop(0)][0]
        if UNPROVEN < worth < PROVEN:
            worth = UNPROVEN
        elif worth >= PROVEN and begins < mean and (not told or told[-1][1] < CERTAIN):
            told.append((begins, UNPROVEN))
        told.append((mean, worth))
    return told


def share(block):
    """Share of right ones, held back where few were seen, and everywhere by
    HELD_BACK: papers that were not tuned to are read a little worse."""
    wrong = 1.0 - (block[2] + 0.5) / (block[1] + 1.0)
    return 1.0 - min(HELD_BACK * wrong, 1.0)


def main():
    counts = read(sys.argv[1:])
    if not counts:
        sys.exit(__doc__)
    print("# What confidences are worth: for each field, pairs of the confidence that a")
    print("# value was given and the share of such values that were right. Between two")
    print("# pairs a straight line; a field without pairs keeps what it was given. Made by")
    print("# `models/calibrate.py` from reports of `intake eval --json`.")
    print("\n[fields]")
    for group, fields in GROUPS.items():
        everybody = pooled(fields, counts)
        for field in fields:
            own = counts.get(field, {})
            seen = sum(values for values, _ in own.values())
            cells = own if seen >= LEAST else everybody
            if not cells:
                continue
            worth = pairs(cells)
            if group in TEXTS:
                worth = [(LISTED, LISTED)] + [(x, max(y, LISTED)) for x, y in worth]
            listed = ", ".join(f"[{x:.3f}, {y:.3f}]" for x, y in worth)
            note = "" if seen >= LEAST else f"  # with its group: {group}"
            print(f'"{field}" = [{listed}]{note}')


if __name__ == "__main__":
    main()
