#include "io/checkpoint/checkpoint_witnesses.h"

#include <hdf5.h>
#include <string.h>

#include "io/checkpoint/journal.h"
#include "io/directory.h"
#include "io/hdf5/h5.h"

/* What the walk through a state's groups knows. */
typedef struct {
    const char *path, *directory;
    rw_err err;
} walk;

static rw_err fail(const walk *it, const char *object) {
    rw_h5_failure failure = rw_h5_last_failure();
    return rw_fail(RW_ERR_SYSTEM, "%s: cannot read %s: %s; %s", it->path, object, failure.cause, failure.remedy);
}

/* Reads n numbers or bytes. */
static rw_err read_column(const walk *it, hid_t group, const char *name, hid_t type, hssize_t n, void *values) {
    hid_t dataset = H5Dopen2(group, name, H5P_DEFAULT), space = dataset >= 0 ? H5Dget_space(dataset) : dataset;
    bool done = space >= 0 && H5Sget_simple_extent_npoints(space) == n &&
                H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0;
    rw_err err = done ? RW_OK : fail(it, name);
    if (space >= 0)
        (void)H5Sclose(space); /* these were only read */
    if (dataset >= 0)
        (void)H5Dclose(dataset);
    return err;
}

static bool is_dataset(hid_t group, const char *name) {
    hid_t object = H5Oopen(group, name, H5P_DEFAULT);
    bool is = object >= 0 && H5Iget_type(object) == H5I_DATASET;
    if (object >= 0)
        (void)H5Oclose(object); /* was only looked at */
    return is;
}

/* journals/<file>: the length of its journal. */
static herr_t check_journal(hid_t journals, const char *file, const H5L_info_t *link, void *self) {
    walk *it = self;
    uint64_t length = 0;
    (void)link;
    if (!is_dataset(journals, file))
        return 0; /* a folder of files */
    it->err = read_column(it, journals, file, H5T_NATIVE_UINT64, 1, &length);
    if (it->err == RW_OK)
        it->err = rw_journal_check(rw_journal_path(it->directory, file).text, length);
    return it->err == RW_OK ? 0 : -1;
}

/* recorders/snapshots/<file>: bytes and sum of the file. */
static herr_t check_snapshot(hid_t snapshots, const char *file, const H5L_info_t *link, void *self) {
    walk *it = self;
    rw_file_record record = {0};
    (void)link;
    if (H5Lexists(snapshots, rw_path_of("%s/bytes", file).text, H5P_DEFAULT) <= 0)
        return 0; /* what the recorder keeps of them all */
    it->err = read_column(it, snapshots, rw_path_of("%s/bytes", file).text, H5T_NATIVE_UINT64, 1, &record.bytes);
    if (it->err == RW_OK)
        it->err = read_column(it, snapshots, rw_path_of("%s/sha256", file).text, H5T_NATIVE_UINT8, sizeof record.sha256,
                              record.sha256);
    if (it->err == RW_OK)
        it->err = rw_directory_check_file(rw_path_of("%s/edges/%s", it->directory, file).text, &record);
    return it->err == RW_OK ? 0 : -1;
}

static rw_err check_groups(walk *it, hid_t file) {
    bool has_snapshots =
        H5Lexists(file, "recorders", H5P_DEFAULT) > 0 && H5Lexists(file, "recorders/snapshots", H5P_DEFAULT) > 0;
    if (H5Lexists(file, "journals", H5P_DEFAULT) > 0 &&
        H5Lvisit_by_name(file, "journals", H5_INDEX_NAME, H5_ITER_INC, check_journal, it, H5P_DEFAULT) < 0)
        return it->err != RW_OK ? it->err : fail(it, "journals");
    if (has_snapshots && H5Literate_by_name(file, "recorders/snapshots", H5_INDEX_NAME, H5_ITER_INC, NULL,
                                            check_snapshot, it, H5P_DEFAULT) < 0)
        return it->err != RW_OK ? it->err : fail(it, "recorders/snapshots");
    return RW_OK;
}

rw_err rw_checkpoint_check_witnesses(const char *path, const char *directory) {
    walk it = {.path = path, .directory = directory};
    RW_CHECK(H5Eset_auto2(H5E_DEFAULT, NULL, NULL) >= 0, RW_ERR_SYSTEM, "the HDF5 library does not start");
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    if (file < 0)
        return fail(&it, "this file");
    rw_err err = check_groups(&it, file);
    (void)H5Fclose(file); /* was only read */
    return err;
}
