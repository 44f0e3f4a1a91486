#include "io/checkpoint/checkpoint_dependencies.h"

#include <hdf5.h>
#include <string.h>

#include "io/checkpoint/journal.h"
#include "io/directory.h"
#include "io/hdf5/h5_failure.h"
#include "io/hdf5/h5_read.h"

/* Arguments of the walk through a state's groups. */
typedef struct {
    const char *path, *directory;
    rw_err err;
} walk;

static rw_err fail(const walk *check, const char *object) {
    rw_h5_failure failure = rw_h5_last_failure();
    return rw_fail(RW_ERR_SYSTEM, "%s: cannot read %s: %s; %s", check->path, object, failure.cause, failure.remedy);
}

/* A group of the state that HDF5 iterates over. */
static rw_h5_location location_of(const walk *check, hid_t group) {
    return (rw_h5_location){.id = group, .file = check->path, .format = "a saved state"};
}

/* journals/<file>: the length of its journal. */
static herr_t check_journal(hid_t journals, const char *file, const H5L_info_t *link, void *self) {
    walk *check = self;
    const rw_h5_location location = location_of(check, journals);
    uint64_t length = 0;
    (void)link;
    if (!rw_h5_is(&location, file, H5O_TYPE_DATASET))
        return 0; /* a folder of files */
    check->err = rw_h5_read_u64(&location, file, 1, &length);
    if (check->err == RW_OK)
        check->err = rw_journal_check(rw_journal_path(check->directory, file).text, length);
    return check->err == RW_OK ? 0 : -1;
}

/* recorders/snapshots/<file>: bytes and sum of the file. */
static herr_t check_snapshot(hid_t snapshots, const char *file, const H5L_info_t *link, void *self) {
    walk *check = self;
    const rw_h5_location location = location_of(check, snapshots);
    const rw_path bytes = rw_path_of("%s/bytes", file), sum = rw_path_of("%s/sha256", file);
    rw_file_record record = {0};
    (void)link;
    if (!rw_h5_has(&location, bytes.text))
        return 0; /* what the recorder keeps of them all */
    check->err = rw_h5_read_u64(&location, bytes.text, 1, &record.bytes);
    if (check->err == RW_OK)
        check->err = rw_h5_read_rows(&location, sum.text, RW_H5_U8, sizeof record.sha256, 0, sizeof record.sha256,
                                     record.sha256);
    if (check->err == RW_OK)
        check->err = rw_directory_check_file(rw_path_of("%s/edges/%s", check->directory, file).text, &record);
    return check->err == RW_OK ? 0 : -1;
}

static rw_err check_groups(walk *check, const rw_h5_location *file) {
    if (rw_h5_has(file, "journals") &&
        H5Lvisit_by_name(file->id, "journals", H5_INDEX_NAME, H5_ITER_INC, check_journal, check, H5P_DEFAULT) < 0)
        return check->err != RW_OK ? check->err : fail(check, "journals");
    if (rw_h5_has(file, "recorders/snapshots") &&
        H5Literate_by_name(file->id, "recorders/snapshots", H5_INDEX_NAME, H5_ITER_INC, NULL, check_snapshot, check,
                           H5P_DEFAULT) < 0)
        return check->err != RW_OK ? check->err : fail(check, "recorders/snapshots");
    return RW_OK;
}

rw_err rw_checkpoint_check_dependencies(const char *path, const char *directory) {
    walk check = {.path = path, .directory = directory};
    rw_h5_location file;
    RW_TRY(rw_h5_open(&file, path, "a saved state"));
    rw_err err = check_groups(&check, &file);
    rw_h5_close(&file);
    return err;
}
