#include "study/sweep/design.h"

#include <gsl/gsl_qrng.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"

const char *const rw_design_names[RW_DESIGN_KINDS] = {"grid", "list",  "zip",     "one_at_a_time",
                                                      "lhs",  "sobol", "saltelli"};

bool rw_design_has_levels(rw_design_kind kind) {
    return kind == RW_DESIGN_GRID || kind == RW_DESIGN_LIST || kind == RW_DESIGN_ZIP || kind == RW_DESIGN_ONE_AT_A_TIME;
}

rw_err rw_design_lhs(size_t n, size_t dimensions, uint64_t seed, double *cube) {
    size_t *stratum = NULL;
    const rw_stream shuffle = rw_substream_of(seed, RW_SUBSTREAM_DESIGN_SHUFFLE, 0);
    const rw_stream jitter = rw_substream_of(seed, RW_SUBSTREAM_DESIGN_JITTER, 0);
    RW_TRY(RW_NEW(stratum, n, "Latin hypercube"));
    for (size_t d = 0; d < dimensions; d++) {
        for (size_t i = 0; i < n; i++)
            stratum[i] = i;
        for (size_t i = n; i > 1; i--) { /* Fisher and Yates */
            rw_bits bits = rw_draw(shuffle, d, i);
            size_t other = (size_t)rw_uniform_below(bits.word[0], bits.word[1], i), kept = stratum[i - 1];
            stratum[i - 1] = stratum[other];
            stratum[other] = kept;
        }
        for (size_t i = 0; i < n; i++) {
            rw_bits bits = rw_draw(jitter, d, i);
            cube[i * dimensions + d] = ((double)stratum[i] + rw_uniform64(bits.word[0], bits.word[1])) / (double)n;
        }
    }
    rw_free(stratum);
    return RW_OK;
}

rw_err rw_design_sobol(size_t n, size_t dimensions, uint64_t seed, double *cube) {
    const rw_stream stream = rw_substream_of(seed, RW_SUBSTREAM_DESIGN_SHIFT, 0);
    RW_CHECK(dimensions <= RW_SOBOL_MAX_DIMENSIONS, RW_ERR_INPUT,
             "this design needs a Sobol sequence of %zu dimensions, but there are %d; use fewer parameters, or "
             "design: {kind: lhs, ...}",
             dimensions, RW_SOBOL_MAX_DIMENSIONS);
    if (dimensions == 0 || n == 0)
        return RW_OK;
    gsl_qrng *sequence = gsl_qrng_alloc(gsl_qrng_sobol, (unsigned)dimensions);
    RW_CHECK(sequence != NULL, RW_ERR_SYSTEM, "not enough memory for a Sobol sequence; close other programs");
    for (size_t i = 0; i < n; i++) {
        double *row = cube + i * dimensions;
        if (i > 0) /* GSL leaves out the first point, 0; without it powers of 2 would not be nets */
            (void)gsl_qrng_get(sequence, row);
        else
            memset(row, 0, dimensions * sizeof *row);
        for (size_t d = 0; d < dimensions; d++) { /* 30 digits, shifted; the middle of the cell they name */
            uint32_t digits = (uint32_t)(row[d] * 0x1p30) ^ (rw_draw(stream, d, 0).word[0] >> 2);
            row[d] = ((double)digits + 0.5) * 0x1p-30;
        }
    }
    gsl_qrng_free(sequence);
    return RW_OK;
}

rw_err rw_design_saltelli(size_t n, size_t dimensions, uint64_t seed, double *cube) {
    double *pairs = NULL;
    RW_TRY(RW_NEW(pairs, 2 * n * dimensions, "Saltelli design"));
    rw_err err = rw_design_sobol(n, 2 * dimensions, seed, pairs);
    const size_t bytes = dimensions * sizeof *cube;
    for (size_t i = 0; err == RW_OK && i < n; i++) {
        const double *a = pairs + i * 2 * dimensions, *b = a + dimensions;
        double *rows = cube + i * (dimensions + 2) * dimensions;
        memcpy(rows, a, bytes);
        memcpy(rows + dimensions, b, bytes);
        for (size_t k = 0; k < dimensions; k++) {
            double *mixed = rows + (2 + k) * dimensions;
            memcpy(mixed, a, bytes);
            mixed[k] = b[k];
        }
    }
    rw_free(pairs);
    return err;
}
