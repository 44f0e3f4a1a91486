#include "place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "io/directory.h"

static char directory[64];

static void remove_all(void) {
    if (rw_remove_tree(directory) != RW_OK)
        (void)fprintf(stderr, "%s\n", rw_error_message());
}

const char *place_make(const char *name) {
    struct stat status;
    const char *parent = stat("/dev/shm", &status) == 0 ? "/dev/shm" : "/tmp";
    (void)snprintf(directory, sizeof directory, "%s/fuzz_%.20s_XXXXXX", parent, name);
    if (mkdtemp(directory) == NULL || atexit(remove_all) != 0)
        abort();
    return directory;
}

void place_put(const char *path, const void *bytes, size_t size) {
    FILE *stream = fopen(path, "wb");
    if (stream == NULL || fwrite(bytes, 1, size, stream) != size || fclose(stream) != 0)
        abort();
}
