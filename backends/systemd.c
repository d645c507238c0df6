/*
 * systemd.c - which units start at boot: symbolic links in *.wants, as `systemctl enable` makes
 * them.
 */
#include <string.h>

#include "backend.h"
#include "embedded.h"

/* Daemons of Debian's packages; NULL for what is a unit of ours. */
static const char *const daemon_units[DAEMON_COUNT] = {
    [DAEMON_KEEPALIVED] = "keepalived.service", [DAEMON_RADVD] = "radvd.service",
    [DAEMON_KEA] = "kea-dhcp4-server.service",  [DAEMON_DHCPCD] = "dhcpcd.service",
    [DAEMON_CHRONY] = "chrony.service",
};

static void
emit_want(const char *wanting, const char *unit, const char *target, struct output *output)
{
    const char *path = arena_printf(output->arena, "etc/systemd/system/%s.wants/%s", wanting, unit);

    output_symlink(output, NULL, path, target);
}

/* The target that a unit's [Install] section names, or NULL. */
static const char *
wanted_by(const struct embedded_file *unit, struct arena *arena)
{
    static const char key[] = "\nWantedBy=";
    const char *found = strstr(unit->bytes, key);

    if (!found)
        return NULL;
    found += strlen(key);
    return arena_copy(arena, found, strcspn(found, " \n"));
}

/* Units of ours look themselves whether there is something for them. */
static void
emit_own_wants(struct output *output)
{
    static const char folder[] = "runtime/units/";
    const struct embedded_file *unit;

    for (unit = embedded_files; unit->path; unit++) {
        const char *name = unit->path + strlen(folder);
        const char *wanting;

        if (strncmp(unit->path, folder, strlen(folder)) != 0)
            continue;
        wanting = wanted_by(unit, output->arena);
        if (wanting)
            emit_want(wanting, name, arena_printf(output->arena, "../%s", name), output);
    }
}

void
systemd_emit(const struct plan *plan, struct output *output)
{
    size_t i;

    emit_own_wants(output);
    for (i = 0; i < DAEMON_COUNT; i++)
        if (plan->daemons[i] && daemon_units[i])
            emit_want("multi-user.target", daemon_units[i],
                      arena_printf(output->arena, "/usr/lib/systemd/system/%s", daemon_units[i]),
                      output);
}
