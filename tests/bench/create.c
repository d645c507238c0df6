/* create.c - makes the directories, files and links of a list, and nothing else: what the disk alone costs. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * usage: create LIST DIRECTORY      each line of LIST: d|f|l SIZE PATH (find -printf '%y %s %P\n')
 */
int
main(int argc, char **argv)
{
    static const char zeros[1 << 20];
    FILE *list = argc == 3 ? fopen(argv[1], "r") : NULL;
    char kind, path[4096];
    size_t size;
    int fd;

    if (!list || mkdir(argv[2], 0755) != 0 || chdir(argv[2]) != 0)
        return 1;
    while (fscanf(list, " %c %zu %4095s", &kind, &size, path) == 3) {
        if (kind == 'd' && mkdir(path, 0755) != 0)
            return 1;
        if (kind == 'l' && symlink("target", path) != 0)
            return 1;
        if (kind != 'f')
            continue;
        fd = open(path, O_CREAT | O_EXCL | O_WRONLY, 0644);
        if (fd < 0 || size > sizeof zeros || write(fd, zeros, size) != (ssize_t)size || close(fd) != 0)
            return 1;
    }
    return 0;
}
