#!/usr/bin/env python3
"""From a report of `make eval` (JSON=1) to what was read wrong, document by document.

    JSON=1 SEED=20271216 PACKETS=24 LAYOUTS=wide make eval > report.json
    tests/month/measure.py report.json > tests/month/wide.json

Documents of the month draw one of these of their own damage and are misread as it
was, so that what goes wrong together on paper goes wrong together here.
"""
import collections
import json
import sys

LEVELS = ["clean", "light", "medium", "heavy"]
FIELDS = [
    "member.name", "member.date_of_birth", "member.id", "ordering.name", "ordering.phone",
    "ordering.fax", "rendering.name", "rendering.phone", "rendering.fax", "rendering.address",
    "dates.service", "dates.anticipated_discharge", "dates.delivered", "place_of_service",
    "hcpcs", "icd10", "references", "intents", "pending_discharge", "urgent",
]


def main(path):
    report = json.load(open(path))
    # 24 of each damage and resolution, numbered in this order.
    per_cell = report["documents"] // 8
    documents = collections.OrderedDict()
    first = min(number(miss["document"]) for miss in report["misses"])
    first -= first % 100
    for at in range(report["documents"]):
        level = LEVELS[at // (2 * per_cell)]
        documents[first + at] = {"damage": level, "missed": [], "false": [], "items": {}}
    for miss in report["misses"]:
        document = documents[number(miss["document"])]
        field, verdict, value = miss["field"], miss["verdict"], miss["value"]
        if field == "checklist":
            unclear = miss["place"] == "stated unclear"
            state = "present" if verdict == "false" else "unclear" if unclear else "missing"
            document["items"][value] = state
        elif field == "npi.role" and verdict == "missed":
            document["missed"].append("npi." + value.split()[0])
        elif field == "decision.queue" and miss["place"].endswith("hold_illegible"):
            document["missed"].append("pages")
        elif field in FIELDS:
            list_ = document["false" if verdict == "false" else "missed"]
            list_.append([field, miss["confidence"]] if verdict == "false" else field)
    confidences = {
        field: [[c, right] for c, _, right in pairs if right]
        for field, pairs in report["confidence"]["by_field"].items()
        if field in FIELDS + ["npi"]
    }
    lines = ",\n  ".join(json.dumps(document) for document in documents.values())
    print('{"confidences": ' + json.dumps(confidences) + ',\n "documents": [\n  ' + lines + "\n]}")


def number(name):
    return int("".join(c for c in name if c.isdigit()))


main(sys.argv[1])
