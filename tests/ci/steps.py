"""steps.py - take the commands out of a workflow: steps.py github|gitlab FILE DIR writes DIR/NN.sh and DIR/env."""
import shlex
import sys

import yaml


def github(workflow):
    job = workflow["jobs"]["lint"]
    for step in job["steps"]:
        if "run" in step:
            yield step["name"], step["run"]
        elif "sarif_file" in step.get("with", {}):
            yield "upload", "test -s " + shlex.quote(step["with"]["sarif_file"])
        else:
            assert step["uses"].startswith("actions/checkout@"), step


def gitlab(pipeline):
    job = pipeline["seilc"]
    yield "job", "\n".join(job["before_script"] + job["script"])
    yield "artifacts", "test -s " + job["artifacts"]["reports"]["codequality"]


def main():
    kind, name, directory = sys.argv[1:]
    with open(name) as file:
        document = yaml.safe_load(file)
    steps = {"github": github, "gitlab": gitlab}[kind](document)
    variables = document["env"] if kind == "github" else document["seilc"]["variables"]
    with open(directory + "/env", "w") as out:
        for key, value in variables.items():
            out.write(f"export {key}={shlex.quote(value)}\n")
    for number, (title, commands) in enumerate(steps):
        with open(f"{directory}/{number:02}.sh", "w") as out:
            out.write(f"# {title}\n{commands}\n")


main()
