/* disk.c - what all that writes files shares: the quiet that it needs, and bytes to the last one. */
#include "disk.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

void
hold_surroundings(struct surroundings *before)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigset_t held;

    sigemptyset(&held);
    sigaddset(&held, SIGINT);
    sigaddset(&held, SIGTERM);
    sigaddset(&held, SIGHUP);
    sigprocmask(SIG_BLOCK, &held, &before->signals);
    sigaction(SIGXFSZ, &ignore, &before->file_size);
    before->mask = umask(022);
}

void
release_surroundings(const struct surroundings *before)
{
    umask(before->mask);
    sigaction(SIGXFSZ, &before->file_size, NULL);
    sigprocmask(SIG_SETMASK, &before->signals, NULL);
}

bool
write_bytes(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t done = write(fd, bytes, len);

        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return false;
        bytes += done;
        len -= (size_t)done;
    }
    return true;
}
