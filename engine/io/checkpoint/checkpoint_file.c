#define _GNU_SOURCE /* sync_file_range */
#include "io/checkpoint/checkpoint_file.h"

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
#include "io/checkpoint/checkpoint_sum.h"
#include "io/hdf5/h5_failure.h"
#include "io/hdf5/h5_file.h"
#include "io/hdf5/h5_read.h"

enum { HEAD_BYTES = 512, UNSENT_BYTES = 1 << 24, LEAST_SUMMED_BYTES = 1 << 16 };

struct rw_checkpoint_file {
    const rw_comm *comm;
    bool non_writing;        /* rank 0 has the file */
    rw_h5_location location; /* closed on other ranks */
    rw_directory *directory; /* NULL: opened to restore from */
    rw_path name, path;
    uint64_t step;
    double time_ms;
    uint64_t unsent; /* bytes written since the system was last asked to start writing them to the disk */
    rw_summed_pieces summed;
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

static uint64_t body_bytes(int file) {
    off_t end = lseek(file, 0, SEEK_END);
    return end > HEAD_BYTES ? (uint64_t)end - HEAD_BYTES : 0;
}

/* Writes the head over the user block and waits until the disk has the file. */
static rw_err seal(int file, rw_checkpoint_file *done) {
    char head_text[HEAD_BYTES] = {0};
    const char *path = done->path.text;
    rw_checkpoint_head head = {
        .format = RW_CHECKPOINT_FORMAT, .step = done->step, .time_ms = done->time_ms, .bytes = body_bytes(file)};
    (void)snprintf(head.engine, sizeof head.engine, "%s", rw_version().version);
    int length = print_head(head_text, &head);
    uint32_t crc = (uint32_t)crc32_z(0, (const unsigned char *)head_text, (size_t)length);
    uint64_t bytes = 0;
    RW_TRY(rw_checkpoint_sum(file, path, HEAD_BYTES, &done->summed, &crc, &bytes));
    (void)snprintf(head_text + length, sizeof head_text - (size_t)length, "crc32 %08" PRIx32 "\n", crc);
    if (pwrite(file, head_text, HEAD_BYTES, 0) != HEAD_BYTES)
        return fail_errno(path, "write this file");
    return fsync(file) == 0 ? RW_OK : fail_errno(path, "bring this file to the disk");
}

static rw_err create_h5(rw_checkpoint_file *file) {
    hid_t access = H5Pcreate(H5P_FILE_ACCESS), creation = H5Pcreate(H5P_FILE_CREATE);
    file->location = (rw_h5_location){.id = H5I_INVALID_HID, .file = file->path.text, .format = "a saved state"};
    if (access >= 0 && creation >= 0 && H5Pset_libver_bounds(access, H5F_LIBVER_EARLIEST, H5F_LIBVER_V110) >= 0 &&
        H5Pset_fclose_degree(access, H5F_CLOSE_STRONG) >= 0 && H5Pset_userblock(creation, HEAD_BYTES) >= 0)
        file->location.id = H5Fcreate(file->path.text, H5F_ACC_TRUNC, creation, access);
    rw_err err = file->location.id >= 0 ? RW_OK : fail_h5(file, "make", "this file");
    (void)H5Pclose(creation); /* these hold nothing that could be lost */
    (void)H5Pclose(access);
    return err;
}

static rw_err open_h5(rw_checkpoint_file *file) {
    return rw_h5_open(&file->location, file->path.text, "a saved state");
}

/* Allocates the file's object, and lets rank 0 open the file itself. */
static rw_err begin(rw_checkpoint_file **file, const rw_checkpoint_file *known,
                    rw_err (*open_file)(rw_checkpoint_file *)) {
    rw_checkpoint_file *made = NULL;
    *file = NULL;
    rw_err err = RW_NEW(made, 1, "checkpoint");
    if (err == RW_OK) {
        *made = *known;
        made->location.id = H5I_INVALID_HID;
        made->non_writing = rw_comm_rank(known->comm) > 0;
        err = made->non_writing ? RW_OK : open_file(made);
    }
    err = rw_comm_agree(known->comm, err);
    if (err == RW_OK)
        *file = made;
    else
        rw_free(made);
    return err;
}

rw_err rw_checkpoint_create(rw_checkpoint_file **file, const rw_comm *comm, rw_directory *directory, const char *name,
                            uint64_t step, double time_ms) {
    RW_TRY(rw_h5_start());
    const rw_checkpoint_file known = {.comm = comm,
                                      .directory = directory,
                                      .name = rw_path_of("%s", name),
                                      .path = rw_directory_part(directory, name),
                                      .step = step,
                                      .time_ms = time_ms};
    return begin(file, &known, create_h5);
}

rw_err rw_checkpoint_open(rw_checkpoint_file **file, const rw_comm *comm, const char *path) {
    const rw_checkpoint_file known = {.comm = comm, .path = rw_path_of("%s", path)};
    return begin(file, &known, open_h5);
}

void rw_checkpoint_close(rw_checkpoint_file **file) {
    if (*file == NULL)
        return;
    rw_h5_close(&(*file)->location); /* the file was only read, or is discarded */
    if ((*file)->directory != NULL && !(*file)->non_writing)
        (void)unlink((*file)->path.text); /* half a checkpoint is of no use */
    rw_summed_pieces_destroy(&(*file)->summed);
    rw_free(*file);
    *file = NULL;
}

static rw_err commit(rw_checkpoint_file *done) {
    rw_err err = H5Fclose(done->location.id) >= 0 ? RW_OK : fail_h5(done, "close", "this file");
    done->location.id = H5I_INVALID_HID;
    int opened = -1;
    if (err == RW_OK && (opened = open(done->path.text, O_RDWR | O_CLOEXEC)) < 0)
        err = fail_errno(done->path.text, "open this file");
    if (err == RW_OK)
        err = seal(opened, done);
    if (opened >= 0 && close(opened) != 0 && err == RW_OK)
        err = fail_errno(done->path.text, "close this file");
    if (err == RW_OK)
        err = rw_directory_publish(done->directory, done->name.text);
    if (err == RW_OK)
        done->directory = NULL; /* the file stays */
    return err;
}

rw_err rw_checkpoint_commit(rw_checkpoint_file **file) {
    rw_err err = rw_comm_agree((*file)->comm, (*file)->non_writing ? RW_OK : commit(*file));
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

static rw_h5_type read_type(rw_archive_type type) {
    static const rw_h5_type types[] = {[RW_ARCHIVE_F64] = RW_H5_F64,
                                       [RW_ARCHIVE_F32] = RW_H5_F32,
                                       [RW_ARCHIVE_U64] = RW_H5_U64,
                                       [RW_ARCHIVE_U32] = RW_H5_U32,
                                       [RW_ARCHIVE_U8] = RW_H5_U8};
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

/* A part of a column: items [first, first + n) of `total`. */
typedef struct {
    const char *path;
    rw_archive_type type;
    uint64_t total, first, n;
} stretch;

/* Lets the disk begin with what is written while the rest is gathered, so that little is left to wait for at the end.
 */
static void send_to_disk(rw_checkpoint_file *file, uint64_t bytes) {
    file->unsent += bytes;
    if (file->unsent < UNSENT_BYTES)
        return;
    file->unsent = 0;
#ifdef SYNC_FILE_RANGE_WRITE
    int *descriptor = NULL;
    if (H5Fget_vfd_handle(file->location.id, H5P_DEFAULT, (void **)&descriptor) >= 0)
        (void)sync_file_range(*descriptor, 0, 0, SYNC_FILE_RANGE_WRITE); /* a hint; fsync reports failures */
#endif
}

/* Writes values, and computes their checksum at the same time if there is a thread for it; *summed: it was computed. */
static herr_t write_and_sum(hid_t dataset, hid_t in_memory, hid_t in_file, const stretch *at, const void *values,
                            uint32_t *crc, bool *summed) {
    hid_t type = memory_type(at->type);
    size_t bytes = at->n * H5Tget_size(type);
    herr_t written = -1;
    uLong sum = 0;
    *summed = bytes >= LEAST_SUMMED_BYTES && H5Tequal(type, file_type(at->type)) > 0;
#pragma omp parallel num_threads(2) if (*summed)
#pragma omp sections
    {
#pragma omp section
        written = H5Dwrite(dataset, type, in_memory, in_file, H5P_DEFAULT, values);
#pragma omp section
        if (*summed)
            sum = crc32_z(0, values, bytes);
    }
    *crc = (uint32_t)sum;
    return written;
}

/* Stores the checksum of what was written, if its position in the file is known. */
static rw_err keep_sum(rw_checkpoint_file *file, hid_t dataset, const stretch *at, uint32_t crc) {
    size_t size = rw_archive_bytes(at->type);
    haddr_t offset = H5Dget_offset(dataset);
    if (offset == HADDR_UNDEF)
        return RW_OK;
    return rw_summed_pieces_add(&file->summed, (rw_summed_piece){offset + at->first * size, at->n * size, crc});
}

static rw_err write_rows(rw_checkpoint_file *file, hid_t dataset, const stretch *at, const void *values) {
    hsize_t count = at->n, first = at->first;
    if (at->n == 0)
        return RW_OK;
    hid_t in_memory = H5Screate_simple(1, &count, NULL), in_file = H5Dget_space(dataset);
    uint32_t crc = 0;
    bool summed = false;
    bool done = in_memory >= 0 && in_file >= 0 &&
                H5Sselect_hyperslab(in_file, H5S_SELECT_SET, &first, NULL, &count, NULL) >= 0 &&
                write_and_sum(dataset, in_memory, in_file, at, values, &crc, &summed) >= 0;
    rw_err err = done ? RW_OK : fail_h5(file, "write", at->path);
    if (err == RW_OK && summed)
        err = keep_sum(file, dataset, at, crc);
    (void)H5Sclose(in_file); /* these hold nothing that could be lost */
    (void)H5Sclose(in_memory);
    send_to_disk(file, at->n * H5Tget_size(memory_type(at->type)));
    return err;
}

/* Contiguous and uncompressed: it is written at the disk's rate and read once at most. */
static hid_t create_dataset(const rw_checkpoint_file *file, const stretch *at) {
    hsize_t size = at->total;
    hid_t space = H5Screate_simple(1, &size, NULL), links = rw_h5_link_properties();
    hid_t properties = H5Pcreate(H5P_DATASET_CREATE), dataset = H5I_INVALID_HID;
    if (space >= 0 && links >= 0 && properties >= 0 && H5Pset_obj_track_times(properties, false) >= 0)
        dataset = H5Dcreate2(file->location.id, at->path, file_type(at->type), space, links, properties, H5P_DEFAULT);
    (void)H5Pclose(properties); /* these hold nothing that could be lost */
    (void)H5Pclose(links);
    (void)H5Sclose(space);
    return dataset;
}

static rw_err write_part(rw_checkpoint_file *file, const stretch *at, void *values) {
    hid_t dataset = rw_h5_has(&file->location, at->path) ? H5Dopen2(file->location.id, at->path, H5P_DEFAULT)
                                                         : create_dataset(file, at);
    rw_err err = dataset >= 0 ? write_rows(file, dataset, at, values) : fail_h5(file, "write", at->path);
    if (dataset >= 0 && H5Dclose(dataset) < 0 && err == RW_OK)
        err = fail_h5(file, "write", at->path);
    return err;
}

static bool holds(void *self, const char *path) {
    const rw_checkpoint_file *file = self;
    uint32_t there = !file->non_writing && rw_h5_has(&file->location, path);
    rw_err err = rw_comm_broadcast(file->comm, &there, sizeof there);
    return err == RW_OK && there != 0; /* without the others the next column fails */
}

static rw_err read_part(rw_checkpoint_file *file, const stretch *at, void *values) {
    RW_CHECK(rw_h5_has(&file->location, at->path), RW_ERR_INPUT,
             "%s: the saved state has no %s, so it is one of another network; populations, their models and receptors, "
             "projections, what grows, and blockades of single projections must stay",
             file->path.text, at->path);
    rw_h5_shape shape;
    RW_TRY(rw_h5_read_shape(&file->location, at->path, &shape));
    RW_CHECK(shape.rows == at->total, RW_ERR_INPUT,
             "%s: the saved state has %" PRIu64 " numbers in %s where this scenario needs %" PRIu64
             "; sizes, models and delays must stay",
             file->path.text, shape.rows, at->path, at->total);
    return rw_h5_read_rows(&file->location, at->path, read_type(at->type), at->total, at->first, at->n, values);
}

/* Rank 0 writes, or reads and sends the values to the others. */
static rw_err part(void *self, const char *path, rw_archive_type type, uint64_t total, uint64_t first, uint64_t n,
                   void *values) {
    rw_checkpoint_file *file = self;
    const stretch at = {path, type, total, first, n};
    bool saving = file->directory != NULL;
    rw_err err = file->non_writing ? RW_OK : saving ? write_part(file, &at, values) : read_part(file, &at, values);
    RW_TRY(rw_comm_agree(file->comm, err));
    return saving ? RW_OK : rw_comm_broadcast(file->comm, values, n * H5Tget_size(memory_type(type)));
}

static rw_err column(void *self, const char *path, rw_archive_type type, uint64_t n, void *values) {
    return part(self, path, type, n, 0, n, values);
}

rw_archive rw_checkpoint_archive(rw_checkpoint_file *file) {
    return (rw_archive){
        .self = file, .saving = file->directory != NULL, .column = column, .part = part, .holds = holds};
}

static rw_err damaged(const char *path) {
    return rw_fail(RW_ERR_INPUT, "%s is damaged", path);
}

/* Reads the line "name value" at *text and moves behind it; false if there is another line. */
static bool read_line(const char **text, const char *name, char *value, size_t size) {
    size_t length = strlen(name), end = strcspn(*text, "\n");
    if (strncmp(*text, name, length) != 0 || (*text)[length] != ' ' || (*text)[end] != '\n' || end - length > size)
        return false;
    (void)snprintf(value, size, "%.*s", (int)(end - length - 1), *text + length + 1);
    *text += end + 1;
    return true;
}

/* The lines that every format has; the last one has the checksum. */
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
    RW_TRY(rw_checkpoint_sum(file, path, HEAD_BYTES, NULL, &crc, &bytes));
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
