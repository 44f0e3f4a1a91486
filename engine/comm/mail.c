/* Words from every rank to every rank: two numbers each first, how many words and the flags, then the words. */
#include <limits.h>
#include <string.h>

#include "base/memory.h"
#include "comm/transport.h"

/* What MPI wants to know; [size] each. */
typedef struct {
    uint32_t *told, *heard; /* [2 size] words and flags */
    int *n_out, *out_first, *n_in, *in_first;
    uint32_t *packed;
    size_t packed_room;
} tables;

rw_err rw_comm_mail_create(rw_mail *mail, const rw_comm *comm) {
    size_t size = (size_t)rw_comm_size(comm);
    tables *scratch = NULL;
    *mail = (rw_mail){0};
    RW_TRY(RW_NEW(mail->out, size, "mail"));
    RW_TRY(RW_NEW(mail->n_out, size, "mail"));
    RW_TRY(RW_NEW(mail->room, size, "mail"));
    RW_TRY(RW_NEW(mail->in_from, size + 1, "mail"));
    RW_TRY(RW_NEW(scratch, 1, "mail"));
    mail->scratch = scratch;
    RW_TRY(RW_NEW(scratch->told, 2 * size, "mail"));
    RW_TRY(RW_NEW(scratch->heard, 2 * size, "mail"));
    RW_TRY(RW_NEW(scratch->n_out, size, "mail"));
    RW_TRY(RW_NEW(scratch->out_first, size, "mail"));
    RW_TRY(RW_NEW(scratch->n_in, size, "mail"));
    return RW_NEW(scratch->in_first, size, "mail");
}

void rw_comm_mail_destroy(rw_mail *mail, const rw_comm *comm) {
    for (int r = 0; mail->out != NULL && r < rw_comm_size(comm); r++)
        rw_free(mail->out[r]);
    tables *scratch = mail->scratch;
    if (scratch != NULL) {
        rw_free(scratch->told);
        rw_free(scratch->heard);
        rw_free(scratch->n_out);
        rw_free(scratch->out_first);
        rw_free(scratch->n_in);
        rw_free(scratch->in_first);
        rw_free(scratch->packed);
    }
    rw_free(scratch);
    rw_free(mail->out);
    rw_free(mail->n_out);
    rw_free(mail->room);
    rw_free(mail->in);
    rw_free(mail->in_from);
    *mail = (rw_mail){0};
}

rw_err rw_comm_mail_reserve(rw_mail *mail, int to, size_t n) {
    size_t needed = mail->n_out[to] + n;
    if (needed <= mail->room[to])
        return RW_OK;
    RW_TRY(RW_GROW(mail->out[to], mail->room[to], 2 * needed, "mail"));
    mail->room[to] = 2 * needed;
    return RW_OK;
}

static rw_err make_room(uint32_t **words, size_t *room, size_t n) {
    if (n <= *room)
        return RW_OK;
    rw_free(*words);
    *words = NULL;
    *room = 0;
    RW_TRY(RW_NEW(*words, 2 * n, "mail"));
    *room = 2 * n;
    return RW_OK;
}

/* Puts what goes out in one piece, in the order of ranks. */
static rw_err pack(rw_mail *mail, tables *scratch, int size, uint32_t flags) {
    size_t total = 0;
    for (int r = 0; r < size; r++)
        total += mail->n_out[r];
    RW_CHECK(total <= INT_MAX, RW_ERR_SYSTEM, "a rank has more than 2^31 words of spikes to send at once");
    RW_TRY(make_room(&scratch->packed, &scratch->packed_room, total));
    size_t at = 0;
    for (int r = 0; r < size; r++) {
        if (mail->n_out[r] > 0)
            memcpy(scratch->packed + at, mail->out[r], mail->n_out[r] * sizeof mail->out[r][0]);
        scratch->out_first[r] = (int)at;
        scratch->n_out[r] = (int)mail->n_out[r];
        scratch->told[2 * r] = (uint32_t)mail->n_out[r];
        scratch->told[2 * r + 1] = flags;
        at += mail->n_out[r];
        mail->n_out[r] = 0;
    }
    return RW_OK;
}

static rw_err lay_out_in(rw_mail *mail, tables *scratch, int size, uint32_t *flags) {
    size_t total = 0;
    for (int r = 0; r < size; r++) {
        mail->in_from[r] = total;
        scratch->in_first[r] = (int)total;
        scratch->n_in[r] = (int)scratch->heard[2 * r];
        *flags |= scratch->heard[2 * r + 1];
        total += scratch->heard[2 * r];
        RW_CHECK(total <= INT_MAX, RW_ERR_SYSTEM, "a rank has more than 2^31 words of spikes to receive at once");
    }
    mail->in_from[size] = total;
    return make_room(&mail->in, &mail->in_room, total);
}

/* A rank that is alone, or pretends not to be, hears itself. */
static rw_err hear_oneself(rw_mail *mail, int rank, int size) {
    size_t n = mail->n_out[rank];
    RW_TRY(make_room(&mail->in, &mail->in_room, n));
    if (n > 0)
        memcpy(mail->in, mail->out[rank], n * sizeof mail->in[0]);
    for (int r = 0; r < size; r++) {
        mail->n_out[r] = 0;
        mail->in_from[r + 1] = r >= rank ? n : 0;
    }
    return RW_OK;
}

rw_err rw_comm_mail_exchange(const rw_comm *comm, rw_mail *mail, uint32_t *flags) {
    int size = rw_comm_size(comm);
    if (size == 1 || rw_comm_is_pretended(comm))
        return hear_oneself(mail, rw_comm_rank(comm), size);
    tables *scratch = mail->scratch;
    RW_TRY(pack(mail, scratch, size, *flags));
    RW_TRY(rw_transport_exchange_counts(scratch->told, scratch->heard));
    RW_TRY(lay_out_in(mail, scratch, size, flags));
    return rw_transport_exchange(scratch->packed, scratch->n_out, scratch->out_first, mail->in, scratch->n_in,
                                 scratch->in_first);
}
