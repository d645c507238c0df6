/* system.c - host name and time zone. */
#include <string.h>

#include "lower.h"

const enum key_id lower_system_keys[] = {
    KEY_HOSTNAME,
    KEY_OPTION_TIMEZONE,
    KEY_NONE,
};

enum { HOSTNAME_MAX = 64, LABEL_MAX = 63 }; /* sethostname(2), RFC 1123 2.1 */

/* Labels of letters, digits and hyphens, which systemd takes for /etc/hostname. */
static bool
is_hostname(struct text text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    size_t start = 0;
    size_t i;

    if (text.len > HOSTNAME_MAX)
        return false;
    for (i = 0; i <= text.len; i++) {
        bool end = i == text.len || text.bytes[i] == '.';

        if (!end && text.bytes[i] != '-' && (!text.bytes[i] || !strchr(letters, text.bytes[i])))
            return false;
        if (!end)
            continue;
        if (i == start || i - start > LABEL_MAX || text.bytes[start] == '-' ||
            text.bytes[i - 1] == '-')
            return false;
        start = i + 1;
    }
    return true;
}

static void
lower_hostname(struct lowering *l, struct setting hostname)
{
    if (!hostname.value)
        return;
    if (!hostname.value->text.len)
        lower_skip(l, hostname, "an empty name leaves the host name as it is");
    else if (!is_hostname(hostname.value->text))
        lower_refuse(
            l, FINDING_CANNOT_EXPRESS, hostname,
            "a Linux host name has letters, digits, hyphens and dots, %d characters at most",
            HOSTNAME_MAX);
    else
        l->plan->system.hostname = lower_text(l, hostname);
}

static void
lower_timezone(struct lowering *l, struct setting timezone)
{
    struct plan_system *system = &l->plan->system;

    if (!timezone.node)
        return;
    if (setting_is(timezone, "JST")) {
        system->timezone = "Asia/Tokyo";
        system->timezone_from = FROM(l, timezone);
    } else if (timezone.value->type == TYPE_STRING && !timezone.value->text.len) {
        lower_skip(l, timezone, "an empty name leaves the time zone as it is");
    } else {
        lower_refuse(l, FINDING_NOT_TRANSLATED, timezone, "no time zone but JST is translated yet");
    }
}

void
lower_system(struct lowering *l)
{
    lower_hostname(l, l->model->hostname);
    lower_timezone(l, l->model->timezone);
}
