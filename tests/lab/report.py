"""report.py - what a run of the lab has shown: a table, report.json, and report.svg drawn by gnuplot."""
import ipaddress
import json
import shutil
import statistics
import subprocess

import watch

LEAD, LONGEST = 2, 60       # seconds that a picture shows before an event, and after it
GOOD = ("#3465a4", "#e08a1e", "#73913b", "#8f5b9c")
LOST = "#cc0000"


def write(out, about, plan, results, share):
    aims = summary(results)
    with open(out + "/report.json", "w") as file:
        json.dump({**about, "aims": aims, "steps": results}, file, indent=1)
    print(table(results, aims))
    if shutil.which("gnuplot"):
        draw(out + "/report.svg", about, plan, results, share)
    print("%s/report.json, %s/report.svg%s" % (out, out, "" if all(step["ok"] for step in results) else ", %s/failed/" % out))


# ---- numbers ---------------------------------------------------------------------------------------

def worst(step, family):
    """What the worst host lost."""
    return max((lost[family] for lost in step["outage"].values()), default=0)


def summary(results):
    """For each aim: the outages of all its runs, and their median."""
    aims = {}
    for step in results:
        if "aim" in step:
            aim = aims.setdefault(step["aim"]["name"], {
                family: {"aim": step["aim"][family], "seconds": []} for family in ("ipv4", "ipv6")})
            for family, version in (("ipv4", 4), ("ipv6", 6)):
                aim[family]["seconds"].append(worst(step, version))
    for aim in aims.values():
        for family in aim.values():
            family["median"] = statistics.median(family["seconds"])
            family["met"] = family["median"] <= family["aim"]
    return aims


def downloads(step):
    """How many of the hosts' downloads went on."""
    ends = [end["alive"] for host in step["downloads"].values() for end in host.values()]
    return "%d of %d" % (sum(ends), len(ends))


def table(results, aims):
    lines = ["", "%-72s %7s %7s  %-9s" % ("seconds without the Internet (the worst host)", "IPv4", "IPv6", "downloads")]
    for step in results:
        lines.append("%-72s %7.2f %7.2f  %-9s %s" % (
            "%3d %s" % (step["number"], step["step"]), worst(step, 4), worst(step, 6), downloads(step), "" if step["ok"] else "FAILED"))
    lines += ["", "%-72s %15s %15s" % ("medians", "IPv4 (aim)", "IPv6 (aim)")]
    for name, aim in aims.items():
        cells = ["%.2f (%.2f)%s" % (aim[family]["median"], aim[family]["aim"], "" if aim[family]["met"] else " !")
                 for family in ("ipv4", "ipv6")]
        lines.append("%-72s %15s %15s" % ("    %s, %d runs" % (name, len(aim["ipv4"]["seconds"])), *cells))
    return "\n".join(lines) + "\n"


# ---- the picture -----------------------------------------------------------------------------------

class Lane:
    """One host and family: spans of time with one source address, or without an answer."""

    def __init__(self, name, probes, owner):
        self.name, self.probes, self.owner = name, probes, owner

    def spans(self, since, until):
        """[BEGIN, END, ADDRESS or None]; a span lasts until the next one begins."""
        spans = []
        for probe in self.probes:
            if not since <= probe.sent <= until:
                continue
            if not spans or spans[-1][2] != probe.seen:
                if spans:
                    spans[-1][1] = probe.sent
                spans.append([probe.sent, probe.sent, probe.seen])
            spans[-1][1] = probe.sent
        return spans


def owners(lab):
    """A function from an address to the router whose line it belongs to."""
    ranges = [(ipaddress.ip_network(source), line["router"]) for line in lab["lines"].values() for source in line["sources"]]

    def owner(address):
        return next((router for network, router in ranges if ipaddress.ip_address(address) in network), "?")
    return owner


def lanes(lab, share):
    found = []
    for host in lab["lan"]["hosts"]:
        probes = watch.Probes("%s/%s.probes" % (share, host))
        probes.read()
        for family in (6, 4):
            found.append(Lane("%s IPv%d" % (host, family), sorted(probes.families[family]), owners(lab)))
    return found[::-1]


def quote(text):
    return "'%s'" % text.replace("'", "''")


def panel(step, lanes, colours):
    """gnuplot's words for one step: a bar for each span, coloured by router, with its source address."""
    event = step.get("event", step["began"])
    end = min(step["ended"] - event - 2, LONGEST)
    lines = ["set title %s" % quote("%d  %s" % (step["number"], step["step"]) + ("" if step["ok"] else "  (FAILED)")),
             "set xrange [%f:%f]" % (-LEAD, max(end, 1)), "unset object", "unset label", "unset arrow",
             "set arrow from 0, graph 0 to 0, graph 1 nohead lc rgb '#000000' dt 2"]
    for row, lane in enumerate(lanes):
        for begin, stop, address in lane.spans(event - LEAD, event + max(end, 1)):
            colour = colours.get(lane.owner(address), "#999999") if address else LOST
            lines.append("set object rectangle from %f,%f to %f,%f fc rgb '%s' fs solid noborder" % (
                begin - event, row - 0.38, max(stop - event, begin - event + 0.05), row + 0.38, colour))
            if address and min(stop, event + end) - max(begin, event - LEAD) > 0.2 * (end + LEAD):
                lines.append("set label %s at %f,%d front font ',8' tc rgb '#ffffff'" % (
                    quote(address), begin - event + 0.004 * (end + LEAD), row))
    lines += ["set ytics (%s)" % ", ".join("%s %d" % (quote(lane.name), row) for row, lane in enumerate(lanes)), "plot NaN notitle"]
    return lines


def key(about, colours):
    """The topmost panel: what the colours mean."""
    lines = ["set title %s font ',14'" % quote("%(site)s, Debian %(suite)s: what the hosts notice" % about),
             "set xrange [0:10]", "unset xtics", "unset ytics", "unset border", "unset object"]
    for number, (name, colour) in enumerate(list(colours.items()) + [("lost", LOST)]):
        at = 0.2 + 2.4 * number
        lines += ["set object rectangle from %f,1 to %f,2 fc rgb '%s' fs solid noborder" % (at, at + 0.3, colour),
                  "set label %s at %f,1.5" % (quote("lost" if name == "lost" else "through " + name), at + 0.4)]
    lines += ["set label 'seconds from the event (dashed); in each bar the source address that the server saw' at 0.2,0 font ',9'",
              "plot NaN notitle", "set border", "set xtics"]
    return lines


def draw(path, about, plan, results, share):
    rows = lanes(plan["lab"], share)
    colours = dict(zip(plan["lab"]["lan"]["routers"], GOOD))
    count = len(results) + 1
    script = ["set terminal svg size 1100,%d font 'sans-serif,10' background '#ffffff'" % (40 + 120 * count),
              "set output %s" % quote(path), "set multiplot layout %d,1" % count, "set yrange [-0.6:%f]" % (len(rows) - 0.4),
              "set lmargin 10", "set rmargin 3", "set tics nomirror out"]
    script += key(about, colours)
    for step in results:
        script += panel(step, rows, colours)
    done = subprocess.run(["gnuplot"], input="\n".join(script + ["unset multiplot", ""]), text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        print("gnuplot:", done.stdout)
