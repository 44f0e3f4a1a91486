#include "base/version.h"

#include "revision.h"
#include "version_values.h"

rw_version_info rw_version(void) {
    return (rw_version_info){.version = REWIRE_VERSION,
                             .revision = REWIRE_REVISION,
                             .build_type = REWIRE_BUILD_TYPE,
                             .compiler = REWIRE_COMPILER,
                             .flags = REWIRE_FLAGS};
}
