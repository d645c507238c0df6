"""actions.py - what a step can do: `KEY: VALUE` in its data is a call of the function KEY."""
import os
import time


def link(lab, where):
    """[ROUTER, PORT, up|down]: the carrier of a router's port; PORT may be wan or lan."""
    router, port, state = where
    lab.world.cable(lab.router(router), port).set(state)


def switch(lab, state):
    """The LAN's switch as the routers see it."""
    for router in lab.world.routers:
        lab.world.cable(router, "lan").set(state)


def cut(lab, who):
    """Power loss, no goodbye."""
    lab.stop_probes(lab.name(who))
    lab.world.systems()[lab.name(who)].cut()


def boot(lab, who):
    """Power on; does not wait."""
    lab.world.systems()[lab.name(who)].start()
    lab.start_probes(lab.name(who))


def reboot_all(lab, _):
    """All routers lose their power at once, and get it back."""
    for router in lab.world.routers.values():
        router.cut()
    for router in lab.world.routers.values():
        router.start()


def run(lab, words):
    """[SYSTEM, COMMAND]: a shell command in a running system; its failure does not matter."""
    lab.world.systems()[lab.name(words[0])].run("sh", "-c", words[1], check=False)


def block(lab, role):
    """The line loses the Internet, but not its link."""
    for line in lab.world.lines_at(lab.router(role)):
        line.run("ip", "link", "set", "dev", "inet0", "down")


def unblock(lab, role):
    for line in lab.world.lines_at(lab.router(role)):
        line.uplink()


def silence(lab, role):
    """The line's router advertisements end: their lifetime runs out."""
    for line in lab.world.lines_at(lab.router(role)):
        line.stop("radvd")


def speak(lab, role):
    for line in lab.world.lines_at(lab.router(role)):
        line.advertise(line.data["ra"])


def delegate(lab, words):
    """[ROUTER, prefix|next]: the prefix that its lines delegate from now on."""
    for line in lab.world.lines_at(lab.router(words[0])):
        line.delegate(line.data["delegate"][words[1]])


def wait(lab, seconds):
    time.sleep(seconds)


def installs(lab, words):
    """[ROUTER, BUNDLES, STATUS, OPTION...]: `install` of another variant's bundle ends with that status."""
    installs_while(lab, [words])


def installs_while(lab, words):
    """[[ROUTER, BUNDLES, STATUS, OPTION...], ACTION...]: the same, and actions happen when it has begun to change the router."""
    (router, variant, status, *options), *meanwhile = words
    router = lab.router(router)
    begun = lab.world.routers[router].home + "/upper/var/lib/seilc/transaction/phase"
    install = lab.world.install(router, lab.bundle(variant, router), lab.patience, *options)
    while meanwhile and not os.path.exists(begun) and install.poll() is None:
        time.sleep(0.02)
    for action in meanwhile:
        act(lab, action)
    lab.said = install.communicate()[0]
    if install.returncode != status:
        raise lab.unmet("install ends with status %d" % status, "status %d:\n%s" % (install.returncode, lab.said))


def act(lab, action):
    """One action of a step's data."""
    for word, value in action.items():
        globals()[word.replace("-", "_")](lab, value)
