/* option.c - how the router as a whole treats packets. */
#include "resolve.h"

static const struct resolve_field fields[] = {
    RESOLVE_FIELD(options, requeue[0], OPTION_IPV4_FRAGMENT_REQUEUEING_SERVICE),
    RESOLVE_FIELD(options, requeue[1], OPTION_IPV6_FRAGMENT_REQUEUEING_SERVICE),
    RESOLVE_FIELD(options, linkstate[0], OPTION_IPV4_MONITOR_LINKSTATE_SERVICE),
    RESOLVE_FIELD(options, linkstate[1], OPTION_IPV6_MONITOR_LINKSTATE_SERVICE),
    RESOLVE_FIELD(options, redirect[0], OPTION_IPV4_SEND_ICMP_REDIRECT_SERVICE),
    RESOLVE_FIELD(options, redirect[1], OPTION_IPV6_SEND_ICMP_REDIRECT_SERVICE),
    RESOLVE_FIELD(options, connected[0], OPTION_IPV4_UPDATE_CONNECTED_ROUTE_SERVICE),
    RESOLVE_FIELD(options, connected[1], OPTION_IPV6_UPDATE_CONNECTED_ROUTE_SERVICE),
    RESOLVE_FIELD(options, directed_broadcast, OPTION_IPV4_DIRECTED_BROADCAST_SERVICE),
    RESOLVE_FIELD(options, multipath, OPTION_IPV4_MULTIPATH_SELECTION_SERVICE),
    RESOLVE_FIELD(options, fast_switch, OPTION_IPV6_ROUTER_ADVERTISEMENT_FAST_SWITCH_SERVICE),
};

void
resolve_option(struct resolving *r)
{
    RESOLVE_FIELDS(r, fields, NULL, &r->model->options);
}
