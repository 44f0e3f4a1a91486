#include "sim/run_state/archive.h"

#include <string.h>

#include "base/memory.h"
#include "base/mix.h"

rw_err rw_archive_column(const rw_archive *archive, const char *path, rw_archive_type type, uint64_t n, void *values) {
    return archive->column(archive->self, path, type, n, values);
}

size_t rw_archive_bytes(rw_archive_type type) {
    static const size_t bytes[] = {
        [RW_ARCHIVE_F64] = 8, [RW_ARCHIVE_F32] = 4, [RW_ARCHIVE_U64] = 8, [RW_ARCHIVE_U32] = 4, [RW_ARCHIVE_U8] = 1};
    return bytes[type];
}

/* Items that are transferred at a time. */
enum { SLAB = 1 << 18 };

/* A column in shares. */
typedef struct {
    const rw_archive *archive;
    const rw_comm *comm;
    const char *path;
    rw_archive_type type;
    uint64_t total, before, n; /* items of all ranks, of those before this one, of this one */
    char *values;              /* [n] */
} shared_column;

/* The ranks send their items to rank 0, slab by slab; the last slab of each is not full. */
static rw_err save_shares(const shared_column *column) {
    size_t bytes = rw_archive_bytes(column->type);
    uint64_t at = 0, done = 0;
    for (int from = 0; from < rw_comm_size(column->comm);) {
        bool sends = rw_comm_rank(column->comm) == from;
        size_t n = sends ? (size_t)(column->n - done < SLAB ? column->n - done : SLAB) : 0, n_slab = 0;
        char *slab = NULL;
        RW_TRY(rw_comm_to_first(column->comm, from, column->values + (sends ? done * bytes : 0), n, bytes, &slab,
                                &n_slab));
        done += n;
        uint64_t n_all = n_slab; /* known to rank 0 */
        rw_err err = rw_comm_broadcast(column->comm, &n_all, sizeof n_all);
        if (err == RW_OK)
            err = column->archive->part(column->archive->self, column->path, column->type, column->total, at, n_all,
                                        slab);
        rw_free(slab);
        RW_TRY(err);
        at += n_all;
        from += n_all < SLAB;
    }
    return RW_OK;
}

/* Every rank sees every slab and keeps its own. */
static rw_err restore_shares(const shared_column *column, char *slab) {
    size_t bytes = rw_archive_bytes(column->type);
    uint64_t end = column->before + column->n, at = 0;
    do {
        uint64_t n = column->total - at < SLAB ? column->total - at : SLAB;
        RW_TRY(column->archive->part(column->archive->self, column->path, column->type, column->total, at, n, slab));
        uint64_t first = at > column->before ? at : column->before, last = at + n < end ? at + n : end;
        if (first < last)
            memcpy(column->values + (first - column->before) * bytes, slab + (first - at) * bytes,
                   (last - first) * bytes);
        at += n;
    } while (at < column->total);
    return RW_OK;
}

rw_err rw_archive_shares(const rw_archive *archive, const rw_comm *comm, const char *path, rw_archive_type type,
                         uint64_t n, void *values) {
    shared_column column = {.archive = archive, .comm = comm, .path = path, .type = type, .n = n, .values = values};
    uint64_t *counts = NULL;
    size_t n_counts = 0;
    RW_TRY(rw_comm_share(comm, &n, 1, sizeof n, &counts, &n_counts));
    for (size_t r = 0; r < n_counts; r++) {
        column.before += (int)r < rw_comm_rank(comm) ? counts[r] : 0;
        column.total += counts[r];
    }
    rw_free(counts);
    if (archive->saving)
        return save_shares(&column);
    char *slab = NULL;
    rw_err err = rw_comm_agree(comm, rw_allocate(&slab, SLAB, rw_archive_bytes(type), "saved state"));
    if (err == RW_OK)
        err = restore_shares(&column, slab);
    rw_free(slab);
    return err;
}

rw_err rw_archive_number(const rw_archive *archive, const char *path, uint64_t *value) {
    return archive->column(archive->self, path, RW_ARCHIVE_U64, 1, value);
}

rw_err rw_archive_match(const rw_archive *archive, const char *path, uint64_t digest, const char *explanation) {
    uint64_t saved = digest;
    RW_TRY(rw_archive_number(archive, path, &saved));
    RW_CHECK(saved == digest, RW_ERR_INPUT, "%s", explanation);
    return RW_OK;
}

/* Of the parameters of all instances. */
static uint64_t parameters_of(const rw_block *block) {
    uint64_t sum = block->count;
    for (size_t field = 0; field < block->model->n_fields; field++) {
        if (block->model->fields[field].role != RW_PARAMETER)
            continue;
        size_t n = block->columns[field].shared ? 1 : block->count;
        for (size_t i = 0; i < n; i++)
            sum += rw_mix(rw_mix(field << 32 | i) + rw_bits_of(rw_block_value(block, field, i)));
    }
    return sum;
}

/* Rank 0 has the parameters of all instances, and the others rely on its comparison. */
static rw_err match_parameters(const rw_archive *archive, const rw_comm *comm, const char *path,
                               const rw_block *block) {
    uint64_t digest = rw_comm_rank(comm) == 0 ? parameters_of(block) : 0;
    RW_TRY(rw_comm_broadcast(comm, &digest, sizeof digest));
    return rw_archive_match(
        archive, rw_path_of("%s/parameters_digest", path).text, digest,
        rw_path_of("%s has other parameters than in the saved state; did a file of the scenario change?", path).text);
}

rw_err rw_archive_cells(const rw_archive *archive, const rw_partition *partition, uint64_t count, const char *path,
                        rw_archive_type type, void *values) {
    rw_slice kept = rw_partition_kept_slice(partition, count);
    size_t bytes = rw_archive_bytes(type);
    if (archive->saving) {
        RW_TRY(rw_partition_gather(partition, count, values, bytes));
        return rw_archive_column(archive, path, type, count, values);
    }
    char *all = NULL;
    RW_TRY(rw_comm_agree(partition->comm, rw_allocate(&all, count, bytes, "saved state")));
    rw_err err = rw_archive_column(archive, path, type, count, all);
    if (err == RW_OK && kept.begin < kept.end)
        memcpy((char *)values + kept.begin * bytes, all + kept.begin * bytes, (kept.end - kept.begin) * bytes);
    rw_free(all);
    return err;
}

rw_err rw_archive_block(const rw_archive *archive, const rw_partition *partition, const char *path,
                        const rw_block *block) {
    if (!archive->branching)
        RW_TRY(match_parameters(archive, partition->comm, path, block));
    for (size_t field = 0; field < block->model->n_fields; field++) {
        if (block->model->fields[field].role != RW_STATE)
            continue;
        RW_ASSERT(!block->columns[field].shared);
        RW_TRY(rw_archive_cells(archive, partition, block->count,
                                rw_path_of("%s/%s", path, block->model->fields[field].name).text, RW_ARCHIVE_F64,
                                block->columns[field].values));
    }
    return RW_OK;
}
