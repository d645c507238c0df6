"""report.py - what a run of the lab has shown: a table, report.json and report.svg."""
import json


def write(out, about, plan, results, share):
    with open(out + "/report.json", "w") as file:
        json.dump({**about, "steps": results}, file, indent=1)
