#include "comm/comm.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "comm/transport.h"

/* How long a rank with an error waits for the others to hear of it. */
#define PATIENCE_S 60.0

struct rw_comm {
    int rank, size;
    bool pretended;       /* the other ranks do not exist */
    bool agreed;          /* on the last error: every rank has it */
    rw_error_record lost; /* the error that this rank has given up with */
};

static const rw_comm alone = {.rank = 0, .size = 1};

const rw_comm *rw_comm_alone(void) {
    return &alone;
}

/* Whether there is no other rank. */
static bool is_single(const rw_comm *comm) {
    return comm->size == 1 || comm->pretended;
}

/* Processes that do not know of each other would all do the whole run and write to the same directory. */
static rw_err check_launch(const rw_comm *comm) {
    static const char *const variables[] = {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS",
                                            "MV2_COMM_WORLD_SIZE"};
    for (size_t i = 0; i < sizeof variables / sizeof variables[0] && comm->size == 1; i++) {
        const char *started = getenv(variables[i]);
        if (started == NULL || strtol(started, NULL, 10) <= 1)
            continue;
        const char *library = rw_transport_library();
        if (library == NULL)
            return rw_fail(RW_ERR_INPUT,
                           "%s copies were started (%s), but this rewire was built without MPI: build the one that "
                           "`./dev build mpi` leaves in build/mpi, or start one copy and give it --threads",
                           started, variables[i]);
        return rw_fail(RW_ERR_INPUT,
                       "%s copies were started (%s), but MPI knows of one only: start them with the mpirun of the MPI "
                       "that rewire was built with (%.40s), or with srun --mpi=pmix",
                       started, variables[i], library);
    }
    return RW_OK;
}

rw_err rw_comm_create(rw_comm **comm, int *argc, char ***argv) {
    rw_comm *made = NULL;
    *comm = NULL;
    RW_TRY(RW_NEW(made, 1, "ranks"));
    rw_err err = rw_transport_start(argc, argv, &made->rank, &made->size);
    if (err == RW_OK)
        err = check_launch(made);
    if (err != RW_OK) {
        rw_free(made);
        return err;
    }
    *comm = made;
    return RW_OK;
}

rw_err rw_comm_pretend(rw_comm **comm, int rank, int size) {
    RW_ASSERT(rank >= 0 && rank < size);
    RW_TRY(RW_NEW(*comm, 1, "ranks"));
    **comm = (rw_comm){.rank = rank, .size = size, .pretended = true};
    return RW_OK;
}

void rw_comm_destroy(rw_comm **comm, rw_err err) {
    if (*comm == NULL)
        return;
    if (err != RW_OK && err != RW_DIFFERENT && !rw_comm_has_agreed(*comm))
        rw_transport_abort((int)err);
    bool real = !(*comm)->pretended;
    rw_free(*comm);
    *comm = NULL;
    if (real)
        rw_transport_stop();
}

int rw_comm_rank(const rw_comm *comm) {
    return comm->rank;
}

int rw_comm_size(const rw_comm *comm) {
    return comm->size;
}

bool rw_comm_is_pretended(const rw_comm *comm) {
    return comm->pretended;
}

const char *rw_comm_library(void) {
    return rw_transport_library();
}

bool rw_comm_speaks(const rw_comm *comm, rw_err err) {
    bool own = err != RW_OK && !rw_comm_has_agreed(comm); /* no other rank knows of this error */
    return own || comm->rank == 0 || comm->pretended;
}

/* For the members that change; `alone`, which is constant, is never passed here. */
static rw_comm *changeable(const rw_comm *comm) {
    return (rw_comm *)(uintptr_t)comm;
}

static void set_agreed(const rw_comm *comm, bool agreed) {
    if (!is_single(comm))
        changeable(comm)->agreed = agreed;
}

bool rw_comm_has_agreed(const rw_comm *comm) {
    return is_single(comm) || comm->agreed;
}

void rw_comm_go_on(const rw_comm *comm) {
    set_agreed(comm, false);
}

rw_err rw_comm_give_up(const rw_comm *comm, rw_err err) {
    if (!is_single(comm) && !comm->agreed)
        rw_error_record_keep(&changeable(comm)->lost, err);
    return err;
}

/* The error that this rank has given up with. */
static rw_err check_lost(const rw_comm *comm) {
    return rw_error_record_raise(&comm->lost);
}

rw_err rw_comm_agree(const rw_comm *comm, rw_err err) {
    if (is_single(comm) || (err != RW_OK && comm->agreed))
        return err;
    RW_TRY(check_lost(comm));
    int64_t first = err != RW_OK ? comm->rank : comm->size;
    bool complete = false;
    RW_TRY(rw_transport_agree(&first, err != RW_OK && err != RW_ERR_STOPPED ? PATIENCE_S : 0.0, &complete));
    if (!complete)
        return rw_comm_give_up(comm, err);
    if (first == comm->size)
        return RW_OK;
    rw_error_record first_error = {0};
    rw_error_record_keep(&first_error, err);
    RW_TRY(rw_transport_broadcast(&first_error, (int)sizeof first_error, (int)first));
    set_agreed(comm, true);
    return rw_error_record_raise(&first_error);
}

static size_t bytes_of(rw_number type) {
    return type == RW_U32 ? 4 : 8;
}

rw_err rw_comm_reduce(const rw_comm *comm, void *values, size_t n, rw_number type, rw_reduction how) {
    RW_TRY(check_lost(comm));
    for (size_t done = 0; done < n && !is_single(comm); done += INT_MAX) {
        int part = n - done < INT_MAX ? (int)(n - done) : INT_MAX;
        RW_TRY(rw_transport_reduce((char *)values + done * bytes_of(type), part, type, how));
    }
    return RW_OK;
}

rw_err rw_comm_sum_before(const rw_comm *comm, uint32_t *values, size_t n) {
    RW_TRY(check_lost(comm));
    for (size_t done = 0; done < n && !is_single(comm); done += INT_MAX)
        RW_TRY(rw_transport_sum_before(values + done, n - done < INT_MAX ? (int)(n - done) : INT_MAX));
    if (comm->rank == 0 || comm->pretended)
        for (size_t i = 0; i < n; i++)
            values[i] = 0;
    return RW_OK;
}

rw_err rw_comm_broadcast(const rw_comm *comm, void *data, size_t bytes) {
    RW_TRY(check_lost(comm));
    for (size_t done = 0; done < bytes && !is_single(comm); done += INT_MAX)
        RW_TRY(rw_transport_broadcast((char *)data + done, bytes - done < INT_MAX ? (int)(bytes - done) : INT_MAX, 0));
    return RW_OK;
}

/* Where each rank's items go in a joined list. */
typedef struct {
    uint64_t *n; /* [size] */
    int *counts, *first;
    uint64_t total;
} joint;

static void destroy_joint(joint *list) {
    rw_free(list->n);
    rw_free(list->counts);
    rw_free(list->first);
}

static rw_err lay_out(joint *list, int size) {
    for (int r = 0; r < size; r++) {
        list->first[r] = (int)list->total;
        list->counts[r] = (int)list->n[r];
        list->total += list->n[r];
        RW_CHECK(list->total <= INT_MAX, RW_ERR_SYSTEM,
                 "the ranks have more than %d items to share at once; use a smaller network", INT_MAX);
    }
    return RW_OK;
}

static rw_err create_joint(joint *list, const rw_comm *comm, size_t n) {
    RW_TRY(RW_NEW(list->n, (size_t)comm->size, "message"));
    RW_TRY(RW_NEW(list->counts, (size_t)comm->size, "message"));
    RW_TRY(RW_NEW(list->first, (size_t)comm->size, "message"));
    RW_TRY(rw_transport_share_number(n, list->n));
    return lay_out(list, comm->size);
}

static rw_err copy_list(const void *mine, size_t n, size_t size, void *all, size_t *n_all) {
    void *copy = NULL;
    RW_TRY(rw_allocate(&copy, n, size, "message"));
    if (n > 0)
        memcpy(copy, mine, n * size);
    memcpy(all, &copy, sizeof copy);
    *n_all = n;
    return RW_OK;
}

/* Joins lists on `root`, or on all ranks if that is negative. */
static rw_err join(const rw_comm *comm, const void *mine, size_t n, size_t size, int root, void *all, size_t *n_all) {
    static const char nothing = 0;
    void *joined = NULL;
    memcpy(all, &joined, sizeof joined);
    *n_all = 0;
    if (is_single(comm))
        return copy_list(mine, n, size, all, n_all);
    RW_TRY(check_lost(comm));
    joint list = {0};
    rw_err err = create_joint(&list, comm, n);
    bool receives = root < 0 || root == comm->rank;
    if (err == RW_OK && receives)
        err = rw_allocate(&joined, list.total, size, "message");
    if (err == RW_OK)
        err = rw_transport_gather(n > 0 ? mine : &nothing, (int)n, size, joined, list.counts, list.first, root);
    if (err == RW_OK && receives) {
        memcpy(all, &joined, sizeof joined);
        *n_all = list.total;
    } else {
        rw_free(joined);
    }
    destroy_joint(&list);
    return rw_comm_give_up(comm, err);
}

rw_err rw_comm_share(const rw_comm *comm, const void *mine, size_t n, size_t size, void *all, size_t *n_all) {
    return join(comm, mine, n, size, -1, all, n_all);
}

rw_err rw_comm_collect(const rw_comm *comm, const void *mine, size_t n, size_t size, void *all, size_t *n_all) {
    return join(comm, mine, n, size, 0, all, n_all);
}

rw_err rw_comm_complete(const rw_comm *comm, void *array, const uint64_t *first, size_t size) {
    if (is_single(comm))
        return RW_OK;
    RW_TRY(check_lost(comm));
    joint list = {0};
    rw_err err = RW_NEW(list.n, (size_t)comm->size, "message");
    if (err == RW_OK)
        err = RW_NEW(list.counts, (size_t)comm->size, "message");
    if (err == RW_OK)
        err = RW_NEW(list.first, (size_t)comm->size, "message");
    for (int r = 0; err == RW_OK && r < comm->size; r++)
        list.n[r] = first[r + 1] - first[r];
    if (err == RW_OK)
        err = lay_out(&list, comm->size);
    if (err == RW_OK) {
        const void *mine = comm->rank == 0 ? NULL : (const char *)array + first[comm->rank] * size;
        err = rw_transport_gather(mine, list.counts[comm->rank], size, (char *)array + first[0] * size, list.counts,
                                  list.first, 0);
    }
    destroy_joint(&list);
    return rw_comm_give_up(comm, err);
}

/* Lists are sent in parts that MPI can count. */
static rw_err send_list(const char *mine, uint64_t n, size_t size) {
    RW_TRY(rw_transport_send(&n, 1, sizeof n, 0));
    for (uint64_t done = 0; done < n; done += INT_MAX)
        RW_TRY(rw_transport_send(mine + done * size, n - done < INT_MAX ? (int)(n - done) : INT_MAX, size, 0));
    return RW_OK;
}

static rw_err receive_list(int from, size_t size, char **got, uint64_t *n) {
    RW_TRY(rw_transport_receive(n, 1, sizeof *n, from));
    RW_TRY(rw_allocate(got, *n, size, "message"));
    for (uint64_t done = 0; done < *n; done += INT_MAX)
        RW_TRY(rw_transport_receive(*got + done * size, *n - done < INT_MAX ? (int)(*n - done) : INT_MAX, size, from));
    return RW_OK;
}

rw_err rw_comm_to_first(const rw_comm *comm, int from, const void *mine, size_t n, size_t size, void *got,
                        size_t *n_got) {
    char *list = NULL;
    memcpy(got, &list, sizeof list);
    *n_got = 0;
    if (comm->pretended && from != comm->rank)
        return RW_OK;
    if (is_single(comm) || (from == 0 && comm->rank == 0))
        return rw_comm_give_up(comm, copy_list(mine, n, size, got, n_got));
    RW_TRY(check_lost(comm));
    if (comm->rank == from)
        return rw_comm_give_up(comm, send_list(mine, n, size));
    if (comm->rank != 0)
        return RW_OK;
    uint64_t count = 0;
    rw_err err = receive_list(from, size, &list, &count);
    if (err != RW_OK) {
        rw_free(list);
        return rw_comm_give_up(comm, err);
    }
    memcpy(got, &list, sizeof list);
    *n_got = count;
    return RW_OK;
}
