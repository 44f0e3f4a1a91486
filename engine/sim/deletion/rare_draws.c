#include "sim/deletion/rare_draws.h"

#include "base/workspace.h"

enum {
    BLOCK = 64,
    BLOCK_BITS = 26,           /* the number of a block has at most so many bits */
    SERIALS_WORTH_A_BLOCK = 16 /* that can be looked up in the time that a block takes to draw */
};

static uint64_t draw_block(const rw_rare_draws *draws, uint32_t source_gid, uint32_t block) {
    uint64_t successes = 0;
    double next = 0.0;
    for (uint32_t draw = 0;; draw++) {
        rw_bits bits = rw_draw3(draws->stream, source_gid, block | draw << BLOCK_BITS, draws->update);
        for (int pair = 0; pair < 4; pair += 2) {
            next += floor(rw_log(rw_uniform64(bits.word[pair], bits.word[pair + 1])) / draws->failure_log);
            if (next >= BLOCK)
                return successes;
            successes |= (uint64_t)1 << (int)next;
            next += 1.0;
        }
    }
}

static uint32_t largest(const uint32_t *serials, size_t n) {
    uint32_t most = 0;
    for (size_t k = 0; k < n; k++)
        most = serials[k] > most ? serials[k] : most;
    return most;
}

static rw_err reserve(rw_rare_draws *draws, size_t n, size_t n_blocks) {
    RW_TRY(RW_WORKSPACE_RESERVE(&draws->found_capacity, n + 1, "loss of synapses", RW_WORKSPACE_ARRAY(draws->found)));
    /* one more block than there are, for the list that is written branchlessly */
    return RW_WORKSPACE_RESERVE(&draws->n_blocks, n_blocks + 1, "loss of synapses",
                                RW_WORKSPACE_ARRAY(draws->successes), RW_WORKSPACE_ARRAY(draws->is_drawn),
                                RW_WORKSPACE_ARRAY(draws->drawn));
}

/* Lists the blocks that hold any of the serials, or all blocks where that costs less; returns how many. */
static size_t list_blocks(rw_rare_draws *draws, const uint32_t *serials, size_t n, size_t n_blocks) {
    size_t n_drawn = 0;
    if (n_blocks <= n / SERIALS_WORTH_A_BLOCK) {
        for (size_t b = 0; b < n_blocks; b++)
            draws->drawn[b] = (uint32_t)b;
        return n_blocks;
    }
    for (size_t k = 0; k < n; k++) { /* branchless */
        uint32_t block = serials[k] / BLOCK;
        draws->drawn[n_drawn] = block;
        n_drawn += !draws->is_drawn[block];
        draws->is_drawn[block] = true;
    }
    for (size_t b = 0; b < n_drawn; b++)
        draws->is_drawn[draws->drawn[b]] = false;
    return n_drawn;
}

rw_err rw_rare_draws_of_row(rw_rare_draws *draws, uint32_t source_gid, const uint32_t *serials, size_t n) {
    size_t n_blocks = (size_t)largest(serials, n) / BLOCK + 1, n_found = 0;
    uint64_t any = 0;
    RW_TRY(reserve(draws, n, n_blocks));
    size_t n_drawn = list_blocks(draws, serials, n, n_blocks);
    for (size_t b = 0; b < n_drawn; b++) {
        draws->successes[draws->drawn[b]] = draw_block(draws, source_gid, draws->drawn[b]);
        any |= draws->successes[draws->drawn[b]];
    }
    for (size_t k = 0; k < n && any != 0; k++) { /* branchless */
        draws->found[n_found] = (uint32_t)k;
        n_found += draws->successes[serials[k] / BLOCK] >> (serials[k] % BLOCK) & 1;
    }
    draws->n_found = n_found;
    return RW_OK;
}

void rw_rare_draws_destroy(rw_rare_draws *draws) {
    rw_free(draws->successes);
    rw_free(draws->is_drawn);
    rw_free(draws->drawn);
    rw_free(draws->found);
    *draws = (rw_rare_draws){0};
}
