#include "base/memory.h"
#include "net/network.h"

/* Edges that a rank hands over at a time. */
enum { SLAB = 1 << 18 };

/* Takes the edges of rank `from`, slab by slab; the last slab is not full. On other ranks than it and rank 0 nothing
 * happens. After an error rank 0 still receives what comes, because the others wait for that. */
static rw_err take_rank(const rw_comm *comm, int from, const rw_edge *edges, uint64_t n, rw_edge_take take,
                        void *self) {
    bool sends = rw_comm_rank(comm) == from, receives = rw_comm_rank(comm) == 0;
    rw_err err = RW_OK;
    if (from == 0 && receives)
        return take(self, edges, n);
    for (uint64_t done = 0, got = SLAB; (sends || receives) && got == SLAB; done += got) {
        rw_edge *slab = NULL;
        uint64_t left = n - done;
        size_t n_received = 0;
        RW_TRY(rw_comm_to_first(comm, from, edges + (sends ? done : 0), left < SLAB ? left : SLAB, sizeof *slab, &slab,
                                &n_received));
        got = sends ? (left < SLAB ? left : SLAB) : n_received;
        if (receives && err == RW_OK)
            err = take(self, slab, n_received);
        rw_free(slab);
    }
    return err;
}

rw_err rw_edges_to_first(const rw_comm *comm, const rw_edge *edges, uint64_t n, rw_edge_take take, void *self) {
    rw_err err = RW_OK;
    for (int from = 0; err == RW_OK && from < rw_comm_size(comm) && !(from > 0 && rw_comm_is_pretended(comm)); from++)
        err = rw_comm_agree(comm, take_rank(comm, from, edges, n, take, self));
    return err;
}
