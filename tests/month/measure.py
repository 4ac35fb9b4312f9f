#!/usr/bin/env python3
"""From reports of `make eval` (JSON=1) to what was read wrong, document by document.

    JSON=1 SEED=20271301 PACKETS=24 LAYOUTS=wide make eval > one.json
    JSON=1 SEED=20271302 PACKETS=24 LAYOUTS=wide make eval > two.json
    tests/month/measure.py one.json two.json > tests/month/wide.json

Documents of the month draw one of these of their own sort and damage and are misread
as it was, so that what goes wrong together on paper goes wrong together here.
"""
import collections
import json
import sys

FIELDS = [
    "member.name", "member.date_of_birth", "member.id", "ordering.name", "ordering.phone",
    "ordering.fax", "rendering.name", "rendering.phone", "rendering.fax", "rendering.address",
    "dates.service", "dates.anticipated_discharge", "dates.delivered", "place_of_service",
    "hcpcs", "icd10", "references", "intents", "pending_discharge", "urgent",
]


def main(paths):
    documents, confidences = [], collections.defaultdict(collections.Counter)
    for path in paths:
        report = json.load(open(path))
        documents += of_report(report)
        for field, pairs in report["confidence"]["by_field"].items():
            if field in FIELDS + ["npi"]:
                confidences[field].update({c: right for c, _, right in pairs if right})
    confidences = {field: sorted(counted.items()) for field, counted in sorted(confidences.items())}
    lines = ",\n  ".join(json.dumps(document) for document in documents)
    print('{"confidences": ' + json.dumps(confidences) + ',\n "documents": [\n  ' + lines + "\n]}")


def of_report(report):
    documents = {
        listed["document"]: {
            "kind": listed["kind"], "damage": listed["level"],
            "form": "precert_form" in listed["pages"],
            "missed": [], "false": [], "items": {},
        }
        for listed in report["listed"]
    }
    for miss in report["misses"]:
        document = documents[miss["document"]]
        field, verdict, value = miss["field"], miss["verdict"], miss["value"]
        if field == "checklist":
            unclear = miss["place"] == "stated unclear"
            state = "present" if verdict == "false" else "unclear" if unclear else "missing"
            document["items"][value] = state
        elif field in ("npi.role", "tin.role") and verdict == "missed":
            document["missed"].append(field.split(".")[0] + "." + value.split()[0])
        elif field == "decision.queue" and miss["place"].endswith("hold_illegible"):
            document["missed"].append("pages")
        elif field in FIELDS:
            list_ = document["false" if verdict == "false" else "missed"]
            list_.append([field, miss["confidence"]] if verdict == "false" else field)
    return documents.values()


main(sys.argv[1:])
