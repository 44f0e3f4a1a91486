/* Saving and restoring state. Every part that has a state describes it once, in one function for both directions: every
 * call names numbers and where they are stored, and the archive either saves them or fills them in.
 *
 * Numbers are passed in the order of ids and synapse uids, never of threads, so a state fits any team. With
 * several ranks all calls are collective: saving takes rank 0's numbers, restoring gives them to all ranks. */
#ifndef RW_SIM_ARCHIVE_H
#define RW_SIM_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/path.h"
#include "model/block.h"
#include "net/partition.h"

typedef enum { RW_ARCHIVE_F64, RW_ARCHIVE_F32, RW_ARCHIVE_U64, RW_ARCHIVE_U32, RW_ARCHIVE_U8 } rw_archive_type;

typedef struct rw_archive {
    void *self;
    bool saving;    /* false: restoring */
    bool branching; /* restoring into a scenario that may differ from the saved one in everything that is not state */
    /* Takes or fills values [n]. Errors: RW_ERR_SYSTEM; RW_ERR_INPUT (restoring: not there, another length). */
    rw_err (*column)(void *self, const char *path, rw_archive_type type, uint64_t n, void *values);
    /* The same for items [first, first + n) of a column of `total`; parts come in order. */
    rw_err (*part)(void *self, const char *path, rw_archive_type type, uint64_t total, uint64_t first, uint64_t n,
                   void *values);
    /* Restoring: whether the column was saved. */
    bool (*holds)(void *self, const char *path);
} rw_archive;

/* Takes or fills values [n] of a type. Errors: as `column`. */
RW_MUST_CHECK rw_err rw_archive_column(const rw_archive *archive, const char *path, rw_archive_type type, uint64_t n,
                                       void *values);

/* Takes or fills a column of which each rank has n items, rank after rank. No rank holds all of it. Collective. Errors:
 * as `column`. */
RW_MUST_CHECK rw_err rw_archive_shares(const rw_archive *archive, const rw_comm *comm, const char *path,
                                       rw_archive_type type, uint64_t n, void *values);

/* Bytes of an item. */
size_t rw_archive_bytes(rw_archive_type type);

/* Takes or fills one whole number. Errors: as `column`. */
RW_MUST_CHECK rw_err rw_archive_number(const rw_archive *archive, const char *path, uint64_t *value);

/* Saves what is built again rather than stored, as a digest; restoring, compares. Errors: as `column`; RW_ERR_INPUT
 * with `explanation` if the digests differ. */
RW_MUST_CHECK rw_err rw_archive_match(const rw_archive *archive, const char *path, uint64_t digest,
                                      const char *explanation);

/* Saves a column of `count` cells, of which every rank has those of its own, or fills in those that this rank
 * keeps: values [count]. Collective. Errors: as `column`; RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_archive_cells(const rw_archive *archive, const rw_partition *partition, uint64_t count,
                                      const char *path, rw_archive_type type, void *values);

/* Takes or fills every state of a block with an instance for each cell: path/<state>. Parameters must be the saved
 * ones, unless this is a branch. Collective. Errors: as `column`; RW_ERR_INPUT (other parameters); RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_archive_block(const rw_archive *archive, const rw_partition *partition, const char *path,
                                      const rw_block *block);

#endif
