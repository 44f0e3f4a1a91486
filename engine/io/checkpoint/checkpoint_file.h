/* The file that holds a saved state: HDF5 behind a head of 512 bytes (an HDF5 user block) that `head -6` shows. The
 * head has the format's version, step and time, and a checksum of everything, so that a damaged file is detected before
 * HDF5 reads it, and a file of another rewire is recognised. */
#ifndef RW_IO_CHECKPOINT_CHECKPOINT_FILE_H
#define RW_IO_CHECKPOINT_CHECKPOINT_FILE_H

#include "comm/comm.h"
#include "io/directory.h"
#include "sim/run_state/archive.h"

/* Written into every head; a reader refuses others. */
#define RW_CHECKPOINT_FORMAT 2

typedef struct {
    unsigned format;
    char engine[64]; /* version of the rewire that wrote it */
    uint64_t step, bytes;
    double time_ms;
} rw_checkpoint_head;

typedef struct rw_checkpoint_file rw_checkpoint_file;

/* Starts the file NAME.part in the directory, which rank 0 writes. Collective, as is what follows. Errors:
 * RW_ERR_SYSTEM; *file is then NULL. */
RW_MUST_CHECK rw_err rw_checkpoint_create(rw_checkpoint_file **file, const rw_comm *comm, rw_directory *directory,
                                          const char *name, uint64_t step, double time_ms);

/* Opens a file to restore from, after rw_checkpoint_check; rank 0 reads it and sends the values to the others. Errors:
 * RW_ERR_INPUT, RW_ERR_SYSTEM; *file is then NULL. */
RW_MUST_CHECK rw_err rw_checkpoint_open(rw_checkpoint_file **file, const rw_comm *comm, const char *path);

/* The archive that writes to or reads from the file. */
rw_archive rw_checkpoint_archive(rw_checkpoint_file *file);

/* Writes a created file completely to the disk, under its final name, and frees it; *file becomes NULL. Errors:
 * RW_ERR_SYSTEM; NAME.part is then removed. */
RW_MUST_CHECK rw_err rw_checkpoint_commit(rw_checkpoint_file **file);

/* Closes and frees it; NAME.part of a created file is removed. *file may be NULL and becomes NULL. */
void rw_checkpoint_close(rw_checkpoint_file **file);

/* Reads the head and checks every byte. Errors: RW_ERR_INPUT (damaged), RW_ERR_SYSTEM (cannot be read, not there). An
 * undamaged file of a newer format is no error here. */
RW_MUST_CHECK rw_err rw_checkpoint_check(const char *path, rw_checkpoint_head *head);

#endif
