#include "io/start.h"

#include <hdf5.h>

void rw_io_start(void) {
    (void)H5dont_atexit();
}
