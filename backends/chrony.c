/* chrony.c - NTP client and server: chrony.conf. */
#include "backend.h"

/* A server's name is one word for chronyd; no quoting exists, so what is no domain is refused. */
static const char *
quote_server(const struct plan_text *name, struct output *output)
{
    const char *plain = spell_domain(output->arena, name->text);

    if (!plain)
        output_refuse(output, name->from,
                      "a server name of letters, digits, hyphens and dots is needed");
    return plain;
}

static void
emit_server(const struct plan_ntp_server *server, struct output_file *file)
{
    struct output *output = file->output;
    const char *name;

    if (server->learned6)
        return;
    name = server->name.from ? quote_server(&server->name, output)
                             : spell_address(output->arena, &server->address);
    if (name)
        output_line(file, server->from, "server %s iburst", name);
}

static void
emit_learned(const struct plan_system *system, struct output_file *file)
{
    unsigned first = file->line;
    bool begun = false;
    size_t i;

    for (i = 0; i < system->ntp_server_count; i++) {
        if (!system->ntp_servers[i].learned6)
            continue;
        if (!begun)
            output_line(file, NULL, "sourcedir /run/chrony-dhcp");
        begun = true;
        output_book(file, system->ntp_servers[i].from, first);
    }
}

static void
emit_mode(const struct plan_flag *server, struct output_file *file)
{
    output_end(file);
    if (server->on) {
        output_line(file, NULL, "# Who may ask is up to the packet filter, as on a SEIL.");
        output_line(file, server->from, "allow");
    } else {
        output_line(file, NULL, "# A client only.");
        output_line(file, server->from, "port 0");
    }
    output_line(file, NULL, "# chronyc speaks through the socket in /run.");
    output_line(file, NULL, "cmdport 0");
}

void
chrony_emit(const struct plan *plan, struct output *output)
{
    const struct plan_system *system = &plan->system;
    struct output_file *file;
    size_t i;

    if (!system->chrony)
        return;
    file = output_file(output, "etc/chrony/chrony.conf");
    spell_header(file, "Time");
    output_book(file, system->ntp_from, 1);
    for (i = 0; i < system->ntp_server_count; i++)
        emit_server(&system->ntp_servers[i], file);
    emit_learned(system, file);
    emit_mode(&system->ntp_server, file);
    output_end(file);
    output_line(file, NULL, "driftfile /var/lib/chrony/chrony.drift");
    output_line(file, NULL, "# A clock that is far off is set at once, but only at the start.");
    output_line(file, NULL, "makestep 1 3");
    output_line(file, NULL, "rtcsync");
}
