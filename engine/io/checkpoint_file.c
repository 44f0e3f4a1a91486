#include "io/checkpoint_file.h"

#include <errno.h>
#include <fcntl.h>
#include <hdf5.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "base/memory.h"
#include "base/version.h"
#include "config/number.h"
#include "io/h5.h"

enum { HEAD_BYTES = 512, BUFFER_BYTES = 1 << 20 };

struct rw_checkpoint_file {
    hid_t id;
    rw_directory *directory; /* NULL: opened to restore from */
    rw_path name, path;
    uint64_t step;
    double time_ms;
};

static rw_err fail_h5(const rw_checkpoint_file *file, const char *action, const char *object) {
    rw_h5_failure failure = rw_h5_last_failure();
    return rw_fail(RW_ERR_SYSTEM, "%s: cannot %s %s: %s; %s", file->path.text, action, object, failure.cause,
                   failure.remedy);
}

static rw_err fail_errno(const char *path, const char *action) {
    int error = errno;
    return rw_fail(RW_ERR_SYSTEM, "%s: cannot %s: %s; %s", path, action, strerror(error), rw_directory_remedy(error));
}

/* The text of the head, all but its checksum. */
static int print_head(char *text, const rw_checkpoint_head *head) {
    char time_ms[RW_NUMBER_SIZE];
    return snprintf(text, HEAD_BYTES,
                    "rewire checkpoint\nformat %u\nengine %s\nstep %" PRIu64 "\ntime_ms %s\nbytes %" PRIu64 "\n",
                    head->format, head->engine, head->step, rw_number_print(time_ms, head->time_ms), head->bytes);
}

/* Continues a checksum with everything behind the head; *bytes is how much that is. */
static rw_err sum_body(int file, const char *path, uint32_t *crc, uint64_t *bytes) {
    unsigned char *buffer;
    RW_TRY(RW_NEW(buffer, BUFFER_BYTES, "checksum"));
    uLong sum = *crc;
    ssize_t got;
    *bytes = 0;
    while ((got = pread(file, buffer, BUFFER_BYTES, (off_t)(HEAD_BYTES + *bytes))) > 0) {
        sum = crc32_z(sum, buffer, (size_t)got);
        *bytes += (uint64_t)got;
    }
    rw_free(buffer);
    *crc = (uint32_t)sum;
    return got == 0 ? RW_OK : fail_errno(path, "read this file");
}

static uint64_t body_bytes(int file) {
    off_t end = lseek(file, 0, SEEK_END);
    return end > HEAD_BYTES ? (uint64_t)end - HEAD_BYTES : 0;
}

/* Writes the head over the user block and waits until the disk has the file. */
static rw_err seal(int file, const char *path, uint64_t step, double time_ms) {
    char head_text[HEAD_BYTES] = {0};
    rw_checkpoint_head head = {
        .format = RW_CHECKPOINT_FORMAT, .step = step, .time_ms = time_ms, .bytes = body_bytes(file)};
    (void)snprintf(head.engine, sizeof head.engine, "%s", rw_version().version);
    int length = print_head(head_text, &head);
    uint32_t crc = (uint32_t)crc32_z(0, (const unsigned char *)head_text, (size_t)length);
    uint64_t bytes = 0;
    RW_TRY(sum_body(file, path, &crc, &bytes));
    (void)snprintf(head_text + length, sizeof head_text - (size_t)length, "crc32 %08" PRIx32 "\n", crc);
    if (pwrite(file, head_text, HEAD_BYTES, 0) != HEAD_BYTES)
        return fail_errno(path, "write this file");
    return fsync(file) == 0 ? RW_OK : fail_errno(path, "bring this file to the disk");
}

static hid_t create_h5(const char *path) {
    hid_t access = H5Pcreate(H5P_FILE_ACCESS), creation = H5Pcreate(H5P_FILE_CREATE), id = H5I_INVALID_HID;
    if (access >= 0 && creation >= 0 && H5Pset_libver_bounds(access, H5F_LIBVER_EARLIEST, H5F_LIBVER_V110) >= 0 &&
        H5Pset_fclose_degree(access, H5F_CLOSE_STRONG) >= 0 && H5Pset_userblock(creation, HEAD_BYTES) >= 0)
        id = H5Fcreate(path, H5F_ACC_TRUNC, creation, access);
    (void)H5Pclose(creation); /* these hold nothing that could be lost */
    (void)H5Pclose(access);
    return id;
}

rw_err rw_checkpoint_create(rw_checkpoint_file **file, rw_directory *directory, const char *name, uint64_t step,
                            double time_ms) {
    *file = NULL;
    RW_CHECK(H5Eset_auto2(H5E_DEFAULT, NULL, NULL) >= 0, RW_ERR_SYSTEM, "the HDF5 library does not start");
    rw_checkpoint_file *made;
    RW_TRY(RW_NEW(made, 1, "checkpoint"));
    *made = (rw_checkpoint_file){.directory = directory,
                                 .name = rw_path_of("%s", name),
                                 .path = rw_directory_part(directory, name),
                                 .step = step,
                                 .time_ms = time_ms};
    made->id = create_h5(made->path.text);
    if (made->id < 0) {
        rw_err err = fail_h5(made, "make", "this file");
        rw_free(made);
        return err;
    }
    *file = made;
    return RW_OK;
}

rw_err rw_checkpoint_open(rw_checkpoint_file **file, const char *path) {
    *file = NULL;
    RW_CHECK(H5Eset_auto2(H5E_DEFAULT, NULL, NULL) >= 0, RW_ERR_SYSTEM, "the HDF5 library does not start");
    rw_checkpoint_file *made;
    RW_TRY(RW_NEW(made, 1, "checkpoint"));
    made->path = rw_path_of("%s", path);
    made->id = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    if (made->id < 0) {
        rw_err err = fail_h5(made, "open", "this file");
        rw_free(made);
        return err;
    }
    *file = made;
    return RW_OK;
}

void rw_checkpoint_close(rw_checkpoint_file **file) {
    if (*file == NULL)
        return;
    if ((*file)->id >= 0)
        (void)H5Fclose((*file)->id); /* the file was only read, or is given up */
    if ((*file)->directory != NULL)
        (void)unlink((*file)->path.text); /* half a checkpoint is of no use */
    rw_free(*file);
    *file = NULL;
}

rw_err rw_checkpoint_commit(rw_checkpoint_file **file) {
    rw_checkpoint_file *done = *file;
    rw_err err = H5Fclose(done->id) >= 0 ? RW_OK : fail_h5(done, "close", "this file");
    done->id = H5I_INVALID_HID;
    int opened = -1;
    if (err == RW_OK && (opened = open(done->path.text, O_RDWR | O_CLOEXEC)) < 0)
        err = fail_errno(done->path.text, "open this file");
    if (err == RW_OK)
        err = seal(opened, done->path.text, done->step, done->time_ms);
    if (opened >= 0 && close(opened) != 0 && err == RW_OK)
        err = fail_errno(done->path.text, "close this file");
    if (err == RW_OK)
        err = rw_directory_publish(done->directory, done->name.text);
    if (err == RW_OK)
        done->directory = NULL; /* the file stays */
    rw_checkpoint_close(file);
    return err;
}

static hid_t file_type(rw_archive_type type) {
    const hid_t types[] = {[RW_ARCHIVE_F64] = H5T_IEEE_F64LE,
                           [RW_ARCHIVE_F32] = H5T_IEEE_F32LE,
                           [RW_ARCHIVE_U64] = H5T_STD_U64LE,
                           [RW_ARCHIVE_U32] = H5T_STD_U32LE,
                           [RW_ARCHIVE_U8] = H5T_STD_U8LE};
    return types[type];
}

static hid_t memory_type(rw_archive_type type) {
    const hid_t types[] = {[RW_ARCHIVE_F64] = H5T_NATIVE_DOUBLE,
                           [RW_ARCHIVE_F32] = H5T_NATIVE_FLOAT,
                           [RW_ARCHIVE_U64] = H5T_NATIVE_UINT64,
                           [RW_ARCHIVE_U32] = H5T_NATIVE_UINT32,
                           [RW_ARCHIVE_U8] = H5T_NATIVE_UINT8};
    return types[type];
}

/* Contiguous and uncompressed: it is written at the disk's rate and read once at most. */
static rw_err write_column(const rw_checkpoint_file *file, const char *path, rw_archive_type type, uint64_t n,
                           const void *values) {
    hsize_t size = n;
    hid_t space = H5Screate_simple(1, &size, NULL), links = rw_h5_link_properties();
    hid_t properties = H5Pcreate(H5P_DATASET_CREATE), dataset = H5I_INVALID_HID;
    if (space >= 0 && links >= 0 && properties >= 0 && H5Pset_obj_track_times(properties, false) >= 0)
        dataset = H5Dcreate2(file->id, path, file_type(type), space, links, properties, H5P_DEFAULT);
    bool written =
        dataset >= 0 && (n == 0 || H5Dwrite(dataset, memory_type(type), H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
    rw_err err = written ? RW_OK : fail_h5(file, "write", path);
    if (dataset >= 0 && H5Dclose(dataset) < 0 && err == RW_OK)
        err = fail_h5(file, "write", path);
    (void)H5Pclose(properties); /* these hold nothing that could be lost */
    (void)H5Pclose(links);
    (void)H5Sclose(space);
    return err;
}

/* Whether each part of the path is there; H5Lexists takes one step at a time. */
static bool holds(void *self, const char *path) {
    const rw_checkpoint_file *file = self;
    rw_path part = rw_path_of("%s", path);
    for (char *slash = part.text; (slash = strchr(slash, '/')) != NULL; *slash++ = '/') {
        *slash = '\0';
        if (H5Lexists(file->id, part.text, H5P_DEFAULT) <= 0)
            return false;
    }
    return H5Lexists(file->id, path, H5P_DEFAULT) > 0;
}

static rw_err read_column(rw_checkpoint_file *file, const char *path, rw_archive_type type, uint64_t n, void *values) {
    RW_CHECK(holds(file, path), RW_ERR_INPUT,
             "%s: the saved state has no %s, so it is one of another network; populations, their models and receptors, "
             "projections, what grows, and blockades of single projections must stay",
             file->path.text, path);
    hid_t dataset = H5Dopen2(file->id, path, H5P_DEFAULT), space = dataset >= 0 ? H5Dget_space(dataset) : dataset;
    hssize_t saved = space >= 0 ? H5Sget_simple_extent_npoints(space) : -1;
    rw_err err = RW_OK;
    if (saved >= 0 && (uint64_t)saved != n)
        err = rw_fail(RW_ERR_INPUT,
                      "%s: the saved state has %lld numbers in %s where this scenario needs %" PRIu64
                      "; sizes, models and delays must stay",
                      file->path.text, (long long)saved, path, n);
    else if (saved < 0 || (n > 0 && H5Dread(dataset, memory_type(type), H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0))
        err = fail_h5(file, "read", path);
    if (space >= 0)
        (void)H5Sclose(space); /* these were only read */
    if (dataset >= 0)
        (void)H5Dclose(dataset);
    return err;
}

static rw_err column(void *self, const char *path, rw_archive_type type, uint64_t n, void *values) {
    rw_checkpoint_file *file = self;
    return file->directory != NULL ? write_column(file, path, type, n, values)
                                   : read_column(file, path, type, n, values);
}

rw_archive rw_checkpoint_archive(rw_checkpoint_file *file) {
    return (rw_archive){.self = file, .saving = file->directory != NULL, .column = column, .holds = holds};
}

static rw_err damaged(const char *path) {
    return rw_fail(RW_ERR_INPUT, "%s: this checkpoint is damaged", path);
}

/* Reads the line "name value" at *text and moves behind it; false if another one stands there. */
static bool read_line(const char **text, const char *name, char *value, size_t size) {
    size_t length = strlen(name), end = strcspn(*text, "\n");
    if (strncmp(*text, name, length) != 0 || (*text)[length] != ' ' || (*text)[end] != '\n' || end - length > size)
        return false;
    (void)snprintf(value, size, "%.*s", (int)(end - length - 1), *text + length + 1);
    *text += end + 1;
    return true;
}

/* The lines that every format has; the checksum stands in the last one. */
static bool read_head(const char *text, rw_checkpoint_head *head, size_t *length, uint32_t *crc) {
    char value[64] = "";
    const char *crc_line = strstr(text, "\ncrc32 ");
    if (crc_line == NULL || !read_line(&text, "rewire", value, sizeof value) || strcmp(value, "checkpoint") != 0)
        return false;
    *length = (size_t)(crc_line + 1 - (text - strlen("rewire checkpoint\n")));
    if (!read_line(&text, "format", value, sizeof value))
        return false;
    head->format = (unsigned)strtoul(value, NULL, 10);
    if (!read_line(&text, "engine", head->engine, sizeof head->engine) ||
        !read_line(&text, "step", value, sizeof value))
        return false;
    head->step = strtoull(value, NULL, 10);
    if (!read_line(&text, "time_ms", value, sizeof value) || rw_number_parse(value, &head->time_ms) == NULL ||
        !read_line(&text, "bytes", value, sizeof value))
        return false;
    head->bytes = strtoull(value, NULL, 10);
    *crc = (uint32_t)strtoul(crc_line + strlen("\ncrc32 "), NULL, 16);
    return true;
}

static rw_err check_open_file(int file, const char *path, rw_checkpoint_head *head) {
    char text[HEAD_BYTES + 1] = {0};
    size_t length = 0;
    uint32_t saved = 0;
    uint64_t bytes = 0;
    if (pread(file, text, HEAD_BYTES, 0) != HEAD_BYTES || !read_head(text, head, &length, &saved) ||
        body_bytes(file) != head->bytes)
        return damaged(path);
    uint32_t crc = (uint32_t)crc32_z(0, (const unsigned char *)text, length);
    RW_TRY(sum_body(file, path, &crc, &bytes));
    return crc == saved ? RW_OK : damaged(path);
}

rw_err rw_checkpoint_check(const char *path, rw_checkpoint_head *head) {
    *head = (rw_checkpoint_head){0};
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return fail_errno(path, "open this file");
    rw_err err = check_open_file(file, path, head);
    (void)close(file); /* was only read */
    return err;
}
