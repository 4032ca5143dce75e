"""Reads an OpenMetrics page with the parser of prometheus_client, and writes what it found as JSON."""

import json
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families


def exemplar(told):
    if told is None:
        return None
    return {"labels": told.labels, "value": float(told.value), "timestamp": float(told.timestamp)}


families = [
    {
        "name": family.name,
        "type": family.type,
        "unit": family.unit,
        "help": family.documentation,
        "samples": [
            [sample.name, sample.labels, float(sample.value), exemplar(sample.exemplar)]
            for sample in family.samples
        ],
    }
    for family in text_string_to_metric_families(sys.stdin.buffer.read().decode())
]
json.dump(families, sys.stdout)
