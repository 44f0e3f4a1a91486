/* Words from every rank to every rank. Each rank sends every other a letter, all of one size: how many words there are,
 * the flags, and the first of the words. A letter is large enough for a usual block of spikes, so that most exchanges
 * are one message; what does not fit follows in a second message between the two ranks concerned. */
#include "comm/mail.h"

#include <limits.h>
#include <string.h>

#include "base/memory.h"
#include "comm/transport.h"

/* Words of a letter. All letters of a rank together, ALL_LETTERS words, stay in its cache. */
enum { COUNT, FLAGS, HEAD, LEAST_LETTER = 8, MOST_LETTER = 512, ALL_LETTERS = 16384 };

typedef struct {
    size_t letter;       /* words of each, head and all */
    uint32_t *out, *in;  /* [size x letter] */
    uint32_t **rest_out; /* [size] words that do not fit, and where they are put */
    uint32_t **rest_in;
    int *n_rest_out, *n_rest_in;
} letters;

static size_t letter_words(size_t size) {
    size_t fair = ALL_LETTERS / size;
    return fair < LEAST_LETTER ? LEAST_LETTER : fair > MOST_LETTER ? MOST_LETTER : fair;
}

rw_err rw_mail_create(rw_mail *mail, const rw_comm *comm) {
    size_t size = (size_t)rw_comm_size(comm);
    letters *scratch = NULL;
    *mail = (rw_mail){0};
    RW_TRY(RW_NEW(mail->out, size, "mail"));
    RW_TRY(RW_NEW(mail->n_out, size, "mail"));
    RW_TRY(RW_NEW(mail->capacity, size, "mail"));
    RW_TRY(RW_NEW(mail->in_from, size + 1, "mail"));
    RW_TRY(RW_NEW(scratch, 1, "mail"));
    mail->scratch = scratch;
    scratch->letter = letter_words(size);
    RW_TRY(RW_NEW(scratch->out, size * scratch->letter, "mail"));
    RW_TRY(RW_NEW(scratch->in, size * scratch->letter, "mail"));
    RW_TRY(RW_NEW(scratch->rest_out, size, "mail"));
    RW_TRY(RW_NEW(scratch->rest_in, size, "mail"));
    RW_TRY(RW_NEW(scratch->n_rest_out, size, "mail"));
    return RW_NEW(scratch->n_rest_in, size, "mail");
}

void rw_mail_destroy(rw_mail *mail, const rw_comm *comm) {
    for (int r = 0; mail->out != NULL && r < rw_comm_size(comm); r++)
        rw_free(mail->out[r]);
    letters *scratch = mail->scratch;
    if (scratch != NULL) {
        rw_free(scratch->out);
        rw_free(scratch->in);
        rw_free(scratch->rest_out);
        rw_free(scratch->rest_in);
        rw_free(scratch->n_rest_out);
        rw_free(scratch->n_rest_in);
    }
    rw_free(scratch);
    rw_free(mail->out);
    rw_free(mail->n_out);
    rw_free(mail->capacity);
    rw_free(mail->in);
    rw_free(mail->in_from);
    *mail = (rw_mail){0};
}

rw_err rw_mail_reserve(rw_mail *mail, int to, size_t n) {
    size_t needed = mail->n_out[to] + n;
    if (needed <= mail->capacity[to])
        return RW_OK;
    RW_TRY(RW_GROW(mail->out[to], mail->capacity[to], 2 * needed, "mail"));
    mail->capacity[to] = 2 * needed;
    return RW_OK;
}

static rw_err reserve_words(uint32_t **words, size_t *capacity, size_t n) {
    if (n <= *capacity)
        return RW_OK;
    rw_free(*words);
    *words = NULL;
    *capacity = 0;
    RW_TRY(RW_NEW(*words, 2 * n, "mail"));
    *capacity = 2 * n;
    return RW_OK;
}

/* Number of words of a message that are sent in its letter. */
static size_t fitting(const letters *scratch, size_t n_words) {
    size_t capacity = scratch->letter - HEAD;
    return n_words < capacity ? n_words : capacity;
}

static rw_err write_letters(const rw_mail *mail, letters *scratch, int size, uint32_t flags) {
    for (int r = 0; r < size; r++) {
        size_t n = mail->n_out[r], here = fitting(scratch, n);
        RW_CHECK(n <= INT_MAX, RW_ERR_SYSTEM, "a rank has more than 2^31 words to send to another at once");
        uint32_t *letter = scratch->out + (size_t)r * scratch->letter;
        letter[COUNT] = (uint32_t)n;
        letter[FLAGS] = flags;
        if (here > 0)
            memcpy(letter + HEAD, mail->out[r], here * sizeof *letter);
        scratch->rest_out[r] = n > here ? mail->out[r] + here : NULL;
        scratch->n_rest_out[r] = (int)(n - here);
    }
    return RW_OK;
}

/* Copies the words of the letters to their positions in `in`, and computes the positions of those that follow. */
static rw_err read_letters(rw_mail *mail, letters *scratch, int size, uint32_t *flags) {
    size_t total = 0;
    for (int r = 0; r < size; r++) {
        const uint32_t *letter = scratch->in + (size_t)r * scratch->letter;
        mail->in_from[r] = total;
        total += letter[COUNT];
        *flags |= letter[FLAGS];
    }
    mail->in_from[size] = total;
    RW_TRY(reserve_words(&mail->in, &mail->in_capacity, total));
    for (int r = 0; r < size; r++) {
        const uint32_t *letter = scratch->in + (size_t)r * scratch->letter;
        size_t here = fitting(scratch, letter[COUNT]);
        uint32_t *place = mail->in + mail->in_from[r];
        if (here > 0)
            memcpy(place, letter + HEAD, here * sizeof *place);
        scratch->rest_in[r] = place + here;
        scratch->n_rest_in[r] = (int)(letter[COUNT] - here);
    }
    return RW_OK;
}

/* A rank that is alone, or only acts as one of many, receives its own words. */
static void hear_oneself(rw_mail *mail, int rank, int size) {
    uint32_t *words = mail->out[rank];
    size_t n = mail->n_out[rank], capacity = mail->capacity[rank];
    mail->out[rank] = mail->in;
    mail->capacity[rank] = mail->in_capacity;
    mail->in = words;
    mail->in_capacity = capacity;
    for (int r = 0; r < size; r++) {
        mail->n_out[r] = 0;
        mail->in_from[r + 1] = r >= rank ? n : 0;
    }
}

static rw_err exchange(rw_mail *mail, int size, uint32_t *flags) {
    letters *scratch = mail->scratch;
    RW_TRY(write_letters(mail, scratch, size, *flags));
    RW_TRY(rw_transport_exchange(scratch->out, scratch->in, (int)scratch->letter));
    RW_TRY(read_letters(mail, scratch, size, flags));
    return rw_transport_exchange_rest(scratch->rest_out, scratch->n_rest_out, scratch->rest_in, scratch->n_rest_in,
                                      size);
}

rw_err rw_mail_exchange(const rw_comm *comm, rw_mail *mail, uint32_t *flags) {
    int size = rw_comm_size(comm);
    if (size == 1 || rw_comm_is_pretended(comm)) {
        hear_oneself(mail, rw_comm_rank(comm), size);
        return RW_OK;
    }
    RW_TRY(rw_comm_give_up(comm, exchange(mail, size, flags)));
    memset(mail->n_out, 0, (size_t)size * sizeof mail->n_out[0]);
    return RW_OK;
}
