#include "io/hdf5/h5_file.h"

#include "base/memory.h"
#include "io/hdf5/h5_failure.h"

rw_err rw_h5_fail(rw_h5_file *file, const char *action, const char *object) {
    rw_h5_failure failure = rw_h5_last_failure();
    file->failed = true;
    return rw_fail(RW_ERR_SYSTEM, "%s/%s.part: cannot %s %s: %s; %s", file->directory->path, file->name.text, action,
                   object, failure.cause, failure.remedy);
}

static hid_t open_new_file(const char *path) {
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    hid_t id = H5I_INVALID_HID;
    if (access >= 0 && H5Pset_libver_bounds(access, H5F_LIBVER_EARLIEST, H5F_LIBVER_V110) >= 0 &&
        H5Pset_fclose_degree(access, H5F_CLOSE_STRONG) >= 0)
        id = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, access);
    return id;
}

rw_err rw_h5_create(rw_h5_file **file, rw_directory *directory, const char *name) {
    *file = NULL;
    RW_TRY(rw_h5_start());
    rw_h5_file *made;
    RW_TRY(RW_NEW(made, 1, "HDF5 file"));
    made->directory = directory;
    made->name = rw_path_of("%s", name);
    made->id = directory->non_writing ? H5I_INVALID_HID : open_new_file(rw_directory_part(directory, name).text);
    if (made->id < 0 && !directory->non_writing) {
        rw_err err = rw_h5_fail(made, "make", "this file");
        rw_free(made);
        return err;
    }
    *file = made;
    return RW_OK;
}

rw_err rw_h5_create_growing(rw_h5_file **file, rw_directory *directory, const char *name) {
    RW_TRY(rw_h5_create(file, directory, name));
    (*file)->grows = true;
    return RW_OK;
}

rw_err rw_h5_mark_sonata(rw_h5_file *file) {
    const uint32_t magic = 0x0A7A, version[2] = {0, 1};
    RW_TRY(rw_h5_attribute(file, "/", "magic", H5T_NATIVE_UINT32, 0, &magic));
    return rw_h5_attribute(file, "/", "version", H5T_NATIVE_UINT32, 2, version);
}

rw_err rw_h5_flush(rw_h5_file *file) {
    if (file->directory->non_writing)
        return RW_OK;
    return H5Fflush(file->id, H5F_SCOPE_GLOBAL) >= 0 ? RW_OK : rw_h5_fail(file, "write", "what is gathered");
}

static void free_file(rw_h5_file *file) {
    rw_journal_close(&file->journal);
    rw_free(file->streams);
    rw_free(file);
}

rw_err rw_h5_commit(rw_h5_file **file) {
    rw_h5_file *done = *file;
    *file = NULL;
    rw_err err = RW_OK;
    if (done->failed)
        err = rw_fail(RW_ERR_SYSTEM, "%s/%s.part is incomplete, because writing it failed before; free space there",
                      done->directory->path, done->name.text);
    if (!done->directory->non_writing && H5Fclose(done->id) < 0 && err == RW_OK)
        err = rw_h5_fail(done, "close", "this file");
    if (err == RW_OK)
        err = rw_directory_commit(done->directory, done->name.text);
    free_file(done);
    return err;
}

void rw_h5_abandon(rw_h5_file **file) {
    if (*file == NULL)
        return;
    if (!(*file)->directory->non_writing)
        (void)H5Fclose((*file)->id); /* the file is discarded already */
    free_file(*file);
    *file = NULL;
}

hid_t rw_h5_link_properties(void) {
    hid_t list = H5Pcreate(H5P_LINK_CREATE);
    if (list < 0 || H5Pset_create_intermediate_group(list, 1) < 0 || H5Pset_char_encoding(list, H5T_CSET_UTF8) < 0)
        return H5I_INVALID_HID;
    return list;
}

rw_err rw_h5_group(rw_h5_file *file, const char *path) {
    if (file->directory->non_writing)
        return RW_OK;
    hid_t links = rw_h5_link_properties();
    hid_t group = links >= 0 ? H5Gcreate2(file->id, path, links, H5P_DEFAULT, H5P_DEFAULT) : H5I_INVALID_HID;
    rw_err err = group >= 0 && H5Gclose(group) >= 0 ? RW_OK : rw_h5_fail(file, "make group", path);
    (void)H5Pclose(links); /* holds nothing that could be lost */
    return err;
}

rw_err rw_h5_link(rw_h5_file *file, const char *path, const char *second) {
    if (file->directory->non_writing)
        return RW_OK;
    hid_t links = rw_h5_link_properties();
    bool made = links >= 0 && H5Lcreate_hard(file->id, path, file->id, second, links, H5P_DEFAULT) >= 0;
    rw_err err = made ? RW_OK : rw_h5_fail(file, "link", second);
    (void)H5Pclose(links); /* holds nothing that could be lost */
    return err;
}

static rw_err write_attribute(rw_h5_file *file, const char *object, const char *name, hid_t type, hid_t space,
                              const void *values) {
    hid_t creation = H5Pcreate(H5P_ATTRIBUTE_CREATE);
    bool ready = creation >= 0 && H5Pset_char_encoding(creation, H5T_CSET_UTF8) >= 0;
    hid_t id = H5I_INVALID_HID;
    if (ready)
        id = H5Acreate_by_name(file->id, object, name, type, space, creation, H5P_DEFAULT, H5P_DEFAULT);
    bool written = id >= 0 && H5Awrite(id, type, values) >= 0;
    rw_err err = written ? RW_OK : rw_h5_fail(file, "write an attribute of", object);
    if (id >= 0 && H5Aclose(id) < 0 && err == RW_OK)
        err = rw_h5_fail(file, "write an attribute of", object);
    (void)H5Pclose(creation); /* holds nothing that could be lost */
    return err;
}

rw_err rw_h5_attribute_text(rw_h5_file *file, const char *object, const char *name, const char *text) {
    if (file->directory->non_writing)
        return RW_OK;
    hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR);
    bool ready =
        type >= 0 && space >= 0 && H5Tset_size(type, H5T_VARIABLE) >= 0 && H5Tset_cset(type, H5T_CSET_UTF8) >= 0;
    rw_err err = ready ? write_attribute(file, object, name, type, space, &text) : rw_h5_fail(file, "describe", object);
    (void)H5Tclose(type); /* these hold nothing that could be lost */
    (void)H5Sclose(space);
    return err;
}

rw_err rw_h5_attribute(rw_h5_file *file, const char *object, const char *name, hid_t type, size_t count,
                       const void *values) {
    if (file->directory->non_writing)
        return RW_OK;
    hsize_t size = count;
    hid_t space = count == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &size, NULL);
    rw_err err =
        space >= 0 ? write_attribute(file, object, name, type, space, values) : rw_h5_fail(file, "describe", object);
    (void)H5Sclose(space); /* holds nothing that could be lost */
    return err;
}

rw_err rw_h5_enumeration(rw_h5_file *file, hid_t *type, const char *const *names, size_t count) {
    *type = H5Tenum_create(H5T_NATIVE_UINT8);
    bool made = *type >= 0;
    for (uint8_t i = 0; made && i < count; i++)
        made = H5Tenum_insert(*type, names[i], &i) >= 0;
    return made ? RW_OK : rw_h5_fail(file, "make the enumeration of", names[0]);
}
