/* The transport of builds with MPI. One thread of a rank calls these functions. */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/memory.h"
#include "comm/transport.h"

/* Turns an error code of MPI into an error with MPI's message. */
static rw_err check(int code, const char *what) {
    if (code == MPI_SUCCESS)
        return RW_OK;
    char text[MPI_MAX_ERROR_STRING] = "";
    int length = 0;
    (void)MPI_Error_string(code, text, &length); /* an unknown code leaves the text empty */
    return rw_fail(RW_ERR_SYSTEM, "MPI failed to %s: %s; a rank may have died, or the network failed", what, text);
}

/* A program that was not started by a launcher does not initialise MPI, which takes time. */
static bool is_launched(void) {
    static const char *const variables[] = {"OMPI_COMM_WORLD_SIZE", "PMI_RANK",    "PMIX_RANK",
                                            "SLURM_STEP_NUM_TASKS", "PALS_RANKID", "MV2_COMM_WORLD_SIZE"};
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++)
        if (getenv(variables[i]) != NULL)
            return true;
    return false;
}

static bool started;

/* For agreement on errors alone: what a rank with an error sends is never taken for a part of what the others wait in.
 */
static MPI_Comm agreement;

rw_err rw_transport_start(int *argc, char ***argv, int *rank, int *size) {
    *rank = 0;
    *size = 1;
    if (!is_launched())
        return RW_OK;
    int level = 0;
    RW_TRY(check(MPI_Init_thread(argc, argv, MPI_THREAD_FUNNELED, &level), "start"));
    started = true;
    RW_CHECK(level >= MPI_THREAD_FUNNELED, RW_ERR_SYSTEM,
             "this MPI library does not work with threads; use one that does");
    RW_TRY(check(MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN), "start"));
    RW_TRY(check(MPI_Comm_dup(MPI_COMM_WORLD, &agreement), "start"));
    RW_TRY(check(MPI_Comm_rank(MPI_COMM_WORLD, rank), "start"));
    return check(MPI_Comm_size(MPI_COMM_WORLD, size), "start");
}

void rw_transport_stop(void) {
    if (started)
        (void)MPI_Finalize(); /* nothing is left to lose */
    started = false;
}

void rw_transport_abort(int code) {
    (void)fflush(NULL);
    (void)MPI_Abort(MPI_COMM_WORLD, code);
    rw_assert_failed(__FILE__, __LINE__, "MPI_Abort ends the program");
}

const char *rw_transport_library(void) {
    static char text[MPI_MAX_LIBRARY_VERSION_STRING];
    int length = 0;
    return MPI_Get_library_version(text, &length) == MPI_SUCCESS ? text : "MPI";
}

static MPI_Datatype number_type(rw_number type) {
    switch (type) {
    case RW_U32:
        return MPI_UINT32_T;
    case RW_U64:
        return MPI_UINT64_T;
    case RW_I64:
        return MPI_INT64_T;
    default:
        return MPI_DOUBLE;
    }
}

rw_err rw_transport_reduce(void *values, int n, rw_number type, rw_reduction how) {
    const MPI_Op operations[] = {[RW_SUM] = MPI_SUM, [RW_MIN] = MPI_MIN, [RW_MAX] = MPI_MAX, [RW_OR] = MPI_BOR};
    return check(MPI_Allreduce(MPI_IN_PLACE, values, n, number_type(type), operations[how], MPI_COMM_WORLD), "reduce");
}

/* NOLINTBEGIN(clang-analyzer-optin.mpi.MPI-Checker): a request that does not complete is left, and the rank ends all */
rw_err rw_transport_agree(int64_t *value, double limit_s, bool *complete) {
    MPI_Request request;
    const double began = MPI_Wtime();
    const struct timespec pause = {.tv_nsec = 1000000};
    int done = 0;
    RW_TRY(check(MPI_Iallreduce(MPI_IN_PLACE, value, 1, MPI_INT64_T, MPI_MIN, agreement, &request), "agree"));
    if (limit_s <= 0.0) {
        *complete = true;
        return check(MPI_Wait(&request, MPI_STATUS_IGNORE), "agree");
    }
    while (done == 0 && MPI_Wtime() - began < limit_s) {
        RW_TRY(check(MPI_Test(&request, &done, MPI_STATUS_IGNORE), "agree"));
        if (done == 0)
            (void)nanosleep(&pause, NULL); /* an interrupted pause is only shorter */
    }
    *complete = done != 0;
    return RW_OK;
}
/* NOLINTEND(clang-analyzer-optin.mpi.MPI-Checker) */

rw_err rw_transport_sum_before(uint32_t *values, int n) {
    return check(MPI_Exscan(MPI_IN_PLACE, values, n, MPI_UINT32_T, MPI_SUM, MPI_COMM_WORLD), "add up");
}

rw_err rw_transport_broadcast(void *data, int bytes, int root) {
    return check(MPI_Bcast(data, bytes, MPI_BYTE, root, MPI_COMM_WORLD), "broadcast");
}

rw_err rw_transport_share_number(uint64_t mine, uint64_t *all) {
    return check(MPI_Allgather(&mine, 1, MPI_UINT64_T, all, 1, MPI_UINT64_T, MPI_COMM_WORLD), "share");
}

/* A type of `size` bytes, so that counts are items and stay below 2^31. */
static rw_err make_item(size_t size, MPI_Datatype *item) {
    RW_TRY(check(MPI_Type_contiguous((int)size, MPI_BYTE, item), "describe data"));
    return check(MPI_Type_commit(item), "describe data");
}

rw_err rw_transport_gather(const void *mine, int n, size_t size, void *all, const int *counts, const int *first,
                           int root) {
    MPI_Datatype item;
    RW_TRY(make_item(size, &item));
    const void *from = mine != NULL ? mine : MPI_IN_PLACE;
    int code = root < 0 ? MPI_Allgatherv(from, n, item, all, counts, first, item, MPI_COMM_WORLD)
                        : MPI_Gatherv(from, n, item, all, counts, first, item, root, MPI_COMM_WORLD);
    (void)MPI_Type_free(&item); /* holds nothing that could be lost */
    return check(code, "gather");
}

rw_err rw_transport_send(const void *data, int n, size_t size, int to) {
    MPI_Datatype item;
    RW_TRY(make_item(size, &item));
    int code = MPI_Send(data, n, item, to, 0, MPI_COMM_WORLD);
    (void)MPI_Type_free(&item); /* holds nothing that could be lost */
    return check(code, "send");
}

rw_err rw_transport_receive(void *data, int n, size_t size, int from) {
    MPI_Datatype item;
    RW_TRY(make_item(size, &item));
    int code = MPI_Recv(data, n, item, from, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    (void)MPI_Type_free(&item); /* holds nothing that could be lost */
    return check(code, "receive");
}

rw_err rw_transport_exchange(const uint32_t *out, uint32_t *in, int n) {
    return check(MPI_Alltoall(out, n, MPI_UINT32_T, in, n, MPI_UINT32_T, MPI_COMM_WORLD), "exchange");
}

static rw_err post_rest(uint32_t *const *out, const int *n_out, uint32_t *const *in, const int *n_in, int size,
                        MPI_Request *requests) {
    int n = 0;
    for (int r = 0; r < size; r++)
        if (n_in[r] > 0)
            RW_TRY(check(MPI_Irecv(in[r], n_in[r], MPI_UINT32_T, r, 0, MPI_COMM_WORLD, &requests[n++]), "receive"));
    for (int r = 0; r < size; r++)
        if (n_out[r] > 0)
            RW_TRY(check(MPI_Isend(out[r], n_out[r], MPI_UINT32_T, r, 0, MPI_COMM_WORLD, &requests[n++]), "send"));
    return check(MPI_Waitall(n, requests, MPI_STATUSES_IGNORE), "exchange");
}

rw_err rw_transport_exchange_rest(uint32_t *const *out, const int *n_out, uint32_t *const *in, const int *n_in,
                                  int size) {
    size_t n = 0;
    for (int r = 0; r < size; r++)
        n += (size_t)(n_in[r] > 0) + (size_t)(n_out[r] > 0);
    if (n == 0)
        return RW_OK;
    MPI_Request *requests = NULL;
    RW_TRY(RW_NEW(requests, n, "message"));
    rw_err err = post_rest(out, n_out, in, n_in, size, requests);
    rw_free(requests);
    return err;
}
