#include "io/hdf5/h5_scale.h"

#include <string.h>

#include "base/memory.h"

/* An attribute of a file that HDF5 1.8 can read has less than 64 KiB. */
#define MOST_REFERENCES 4000

/* An element of a scale's list of datasets. */
typedef struct {
    hobj_ref_t dataset;
    int dimension;
} reference;

static rw_err refer(rw_h5_file *file, const char *path, hobj_ref_t *to) {
    return H5Rcreate(to, file->id, path, H5R_OBJECT, -1) >= 0 ? RW_OK : rw_h5_fail(file, "refer to", path);
}

static const char *name_in_group(const char *path) {
    return strrchr(path, '/') + 1;
}

static size_t n_dimensions(const rw_h5_dimensions *of) {
    return of->scales[1] != NULL ? 2 : 1;
}

/* Writes an attribute of `count` values and closes its type. */
static rw_err write_and_close(rw_h5_file *file, const char *path, const char *name, hid_t type, size_t count,
                              const void *values) {
    rw_err err =
        type >= 0 ? rw_h5_attribute(file, path, name, type, count, values) : rw_h5_fail(file, "describe", path);
    (void)H5Tclose(type); /* holds nothing that could be lost */
    return err;
}

/* The specification wants texts of fixed length. */
static rw_err write_text(rw_h5_file *file, const char *path, const char *name, const char *text) {
    hid_t type = H5Tcopy(H5T_C_S1);
    if (type < 0 || H5Tset_size(type, strlen(text) + 1) < 0)
        return rw_h5_fail(file, "describe", path);
    return write_and_close(file, path, name, type, 0, text);
}

static rw_err write_dimension_list(rw_h5_file *file, const rw_h5_dimensions *of) {
    hobj_ref_t scales[2] = {0, 0};
    hvl_t lists[2] = {{1, &scales[0]}, {1, &scales[1]}};
    for (size_t k = 0; k < n_dimensions(of); k++)
        RW_TRY(refer(file, of->scales[k], &scales[k]));
    return write_and_close(file, of->dataset, "DIMENSION_LIST", H5Tvlen_create(H5T_STD_REF_OBJ), n_dimensions(of),
                           lists);
}

static hid_t reference_type(void) {
    hid_t type = H5Tcreate(H5T_COMPOUND, sizeof(reference));
    if (type >= 0 && H5Tinsert(type, "dataset", HOFFSET(reference, dataset), H5T_STD_REF_OBJ) >= 0 &&
        H5Tinsert(type, "dimension", HOFFSET(reference, dimension), H5T_NATIVE_INT) >= 0)
        return type;
    return H5I_INVALID_HID;
}

/* Which datasets the scale belongs to. Readers find it without that list, which is left out if it is too long. */
static rw_err write_reference_list(rw_h5_file *file, const char *scale, const rw_h5_dimensions *of, size_t n) {
    reference *list = NULL;
    size_t count = 0;
    rw_err err = RW_NEW(list, 2 * n, "datasets of a scale"); /* zeroed: bytes between members are written, too */
    for (size_t i = 0; i < n; i++)
        for (int k = 0; k < (int)n_dimensions(&of[i]) && err == RW_OK; k++)
            if (strcmp(of[i].scales[k], scale) == 0) {
                list[count].dimension = k;
                err = refer(file, of[i].dataset, &list[count++].dataset);
            }
    if (err == RW_OK && count <= MOST_REFERENCES)
        err = write_and_close(file, scale, "REFERENCE_LIST", reference_type(), count, list);
    rw_free(list);
    return err;
}

static rw_err write_scale(rw_h5_file *file, const char *scale, const rw_h5_dimensions *of, size_t n) {
    RW_TRY(write_text(file, scale, "CLASS", "DIMENSION_SCALE"));
    RW_TRY(write_text(file, scale, "NAME", name_in_group(scale)));
    return write_reference_list(file, scale, of, n);
}

/* Whether no dataset before number i, and no row before column k of it, has the same scale. */
static bool is_first(const rw_h5_dimensions *of, size_t i, size_t k) {
    for (size_t j = 0; j <= i; j++)
        for (size_t l = 0; l < (j < i ? n_dimensions(&of[j]) : k); l++)
            if (strcmp(of[j].scales[l], of[i].scales[k]) == 0)
                return false;
    return true;
}

/* Lets the group of the dataset show the scale of its rows. */
static rw_err link_scale(rw_h5_file *file, const rw_h5_dimensions *of) {
    const int group = (int)(name_in_group(of->dataset) - of->dataset);
    rw_path link = rw_path_of("%.*s%s", group, of->dataset, name_in_group(of->scales[0]));
    if (H5Lexists(file->id, link.text, H5P_DEFAULT) > 0)
        return RW_OK;
    hid_t links = rw_h5_link_properties();
    bool made = links >= 0 && H5Lcreate_soft(of->scales[0], file->id, link.text, links, H5P_DEFAULT) >= 0;
    rw_err err = made ? RW_OK : rw_h5_fail(file, "link", link.text);
    (void)H5Pclose(links); /* holds nothing that could be lost */
    return err;
}

rw_err rw_h5_attach_scales(rw_h5_file *file, const rw_h5_dimensions *of, size_t n) {
    if (file->directory->non_writing)
        return RW_OK;
    for (size_t i = 0; i < n; i++) {
        RW_TRY(write_dimension_list(file, &of[i]));
        RW_TRY(link_scale(file, &of[i]));
        for (size_t k = 0; k < n_dimensions(&of[i]); k++)
            if (is_first(of, i, k))
                RW_TRY(write_scale(file, of[i].scales[k], of, n));
    }
    return RW_OK;
}
