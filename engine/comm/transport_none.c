/* A build without MPI has one rank: only rw_transport_start is ever called. */
#include "comm/transport.h"

/* NOLINTBEGIN(readability-non-const-parameter): the build with MPI writes through them */

rw_err rw_transport_start(int *argc, char ***argv, int *rank, int *size) {
    (void)argc, (void)argv;
    *rank = 0;
    *size = 1;
    return RW_OK;
}

void rw_transport_stop(void) {
}

void rw_transport_abort(int code) {
    (void)code;
    rw_assert_failed(__FILE__, __LINE__, "there are other ranks");
}

const char *rw_transport_library(void) {
    return NULL;
}

static rw_err absent(void) {
    return rw_fail(RW_ERR_BUG, "ranks were asked to communicate in a build without MPI");
}

rw_err rw_transport_reduce(void *values, int n, rw_number type, rw_reduction how) {
    (void)values, (void)n, (void)type, (void)how;
    return absent();
}

rw_err rw_transport_agree(int64_t *value, double limit_s, bool *complete) {
    (void)value, (void)limit_s, (void)complete;
    return absent();
}

rw_err rw_transport_sum_before(uint32_t *values, int n) {
    (void)values, (void)n;
    return absent();
}

rw_err rw_transport_broadcast(void *data, int bytes, int root) {
    (void)data, (void)bytes, (void)root;
    return absent();
}

rw_err rw_transport_share_number(uint64_t mine, uint64_t *all) {
    (void)mine, (void)all;
    return absent();
}

rw_err rw_transport_gather(const void *mine, int n, size_t size, void *all, const int *counts, const int *first,
                           int root) {
    (void)mine, (void)n, (void)size, (void)all, (void)counts, (void)first, (void)root;
    return absent();
}

rw_err rw_transport_send(const void *data, int n, size_t size, int to) {
    (void)data, (void)n, (void)size, (void)to;
    return absent();
}

rw_err rw_transport_receive(void *data, int n, size_t size, int from) {
    (void)data, (void)n, (void)size, (void)from;
    return absent();
}

rw_err rw_transport_exchange(const uint32_t *out, uint32_t *in, int n) {
    (void)out, (void)in, (void)n;
    return absent();
}

rw_err rw_transport_exchange_rest(uint32_t *const *out, const int *n_out, uint32_t *const *in, const int *n_in,
                                  int size) {
    (void)out, (void)n_out, (void)in, (void)n_in, (void)size;
    return absent();
}
/* NOLINTEND(readability-non-const-parameter) */
