#include <stdio.h>

#include "base/version.h"

int main(void) {
    (void)printf("rewire %s\n", rw_version().version);
    return 0;
}
