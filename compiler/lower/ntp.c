/* ntp.c - NTP client and server: chrony. */
#include "lower.h"

const enum key_id lower_ntp_keys[] = {
    KEY_NTP_SERVICE,
    KEY_NTP_SERVER,
    KEY_NTP_CLIENT_ADDRESS,
    KEY_NONE,
};

static void
add_server(struct lowering *l, struct plan_ntp_server server)
{
    struct plan_system *system = &l->plan->system;

    *LOWER_ADD(l, system->ntp_servers, system->ntp_server_count) = server;
}

static void
add_learned(struct lowering *l, struct setting setting)
{
    struct plan_system *system = &l->plan->system;
    bool found = false;
    size_t i;

    for (i = 0; i < system->ntp_server_count; i++)
        if (system->ntp_servers[i].learned6) {
            lower_skip(l, setting, "dhcp6 stands above already");
            return;
        }
    for (i = 0; i < l->plan->client_count; i++) {
        if (!l->plan->clients[i].dhcp6.on)
            continue;
        found = true;
        add_server(l, (struct plan_ntp_server){
                          .learned6 = true,
                          .link = l->plan->clients[i].link,
                          .from = FROM(l, setting),
                      });
    }
    if (!found)
        lower_skip(l, setting, "no interface runs a DHCPv6 client");
}

static void
lower_server(struct lowering *l, struct setting setting)
{
    if (setting.value->type == TYPE_KEYWORD)
        add_learned(l, setting);
    else if (setting.value->type == TYPE_HOSTNAME)
        add_server(
            l, (struct plan_ntp_server){.name = lower_text(l, setting), .from = FROM(l, setting)});
    else
        add_server(l, (struct plan_ntp_server){.address = lower_address(l, setting),
                                               .from = FROM(l, setting)});
}

void
lower_ntp(struct lowering *l)
{
    const struct model *model = l->model;
    struct plan_system *system = &l->plan->system;
    size_t i;

    if (!setting_on(model->ntp_service)) {
        lower_skip_feature(l, "ntp.service is not enable");
        return;
    }
    for (i = 0; i < model->ntp_client_count; i++)
        lower_server(l, model->ntp_clients[i]);
    system->ntp_server = lower_flag(l, model->ntp_server);
    system->chrony = system->ntp_server_count || system->ntp_server.on;
    if (system->chrony)
        system->ntp_from = FROM(l, model->ntp_service);
    else
        lower_skip_feature(l, "there is neither a server to follow nor a client to serve");
    if (!system->ntp_server.on)
        lower_skip(l, model->ntp_server, "no time is served, as without this line");
}
