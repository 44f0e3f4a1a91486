/* Words from every rank to every rank, exchanged once a block. */
#ifndef RW_COMM_MAIL_H
#define RW_COMM_MAIL_H

#include "comm/comm.h"

/* Words for each rank and from each rank, kept from exchange to exchange. */
typedef struct {
    uint32_t **out;   /* [size] words for each rank; grow with rw_mail_reserve */
    size_t *n_out;    /* [size] */
    size_t *capacity; /* [size] of out */
    uint32_t *in;     /* what came, rank after rank */
    size_t *in_from;  /* [size + 1] where in `in` each rank's words begin */
    size_t in_capacity;
    void *scratch; /* counts and displacements */
} rw_mail;

/* Makes empty mail. Not collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_mail_create(rw_mail *mail, const rw_comm *comm);

/* Frees it; a zeroed one is fine. Not collective. */
void rw_mail_destroy(rw_mail *mail, const rw_comm *comm);

/* Reserves capacity for n more words to rank `to`. Not collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_mail_reserve(rw_mail *mail, int to, size_t n);

/* Exchanges all `out` and empties them. *flags becomes the bitwise or of all ranks' flags. */
RW_MUST_CHECK rw_err rw_mail_exchange(const rw_comm *comm, rw_mail *mail, uint32_t *flags);

#endif
