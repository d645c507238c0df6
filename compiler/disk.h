/* disk.h - what all that writes files shares: the quiet that it needs, and bytes to the last one. */
#ifndef SEILC_DISK_H
#define SEILC_DISK_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * ^C in the middle would leave a half-made file or directory behind, a file size limit would kill,
 * and an odd umask would shut us out of our own directories: the first waits, the second comes back
 * as an error, the third gives way to the usual one (which leaves the modes of outputs as they are),
 * for the few milliseconds that writing takes.
 */
struct surroundings {
    sigset_t signals;
    struct sigaction file_size;
    mode_t mask;
};

void hold_surroundings(struct surroundings *before);
void release_surroundings(const struct surroundings *before);

/* Writes all of them.  False when that failed; errno tells why. */
bool write_bytes(int fd, const char *bytes, size_t len);

#endif
