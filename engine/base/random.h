/* Random numbers that depend on what they are for, never on which thread draws them.
 *
 * Philox 4x32-10 (Salmon, Moraes, Dror & Shaw 2011, SC11, doi 10.1145/2063384.2063405) maps a 128-bit counter
 * and a 64-bit key to 128 random bits. The key is the seed; the counter names the draw: purpose, object, who, when.
 * So a draw is the same on any thread, rank, order, and after any restart: there is no generator state. */
#ifndef RW_BASE_RANDOM_H
#define RW_BASE_RANDOM_H

#include <math.h>
#include <stdint.h>

#include "base/vmath.h"

/* Purposes of draws. Append only: a number, once used, is part of every published result. */
#define RW_PURPOSES(X)                                                                                                 \
    X(CONNECT)                                                                                                         \
    X(WEIGHT)                                                                                                          \
    X(DELAY)                                                                                                           \
    X(PARAMETER)                                                                                                       \
    X(POSITION)                                                                                                        \
    X(POISSON)                                                                                                         \
    X(NOISE)                                                                                                           \
    X(SELECTION)                                                                                                       \
    X(RATE)                                                                                                            \
    X(PARTNER)                                                                                                         \
    X(RETRACT)                                                                                                         \
    X(POISSON_LOWER)                                                                                                   \
    X(DESIGN)                                                                                                          \
    X(RESAMPLE)                                                                                                        \
    X(PERSON)                                                                                                          \
    X(PLASTICITY)                                                                                                      \
    X(LOSS)                                                                                                            \
    X(LESION)                                                                                                          \
    X(ENSEMBLE)

typedef enum {
#define RW_PURPOSE_ENUM(name) RW_PURPOSE_##name,
    RW_PURPOSES(RW_PURPOSE_ENUM)
#undef RW_PURPOSE_ENUM
        RW_PURPOSE_COUNT
} rw_purpose;

/* Uses of one purpose by several parts of the program, which differ in where their objects begin: X(name, purpose,
 * first object). Append only, too. */
#define RW_SUBSTREAMS(X)                                                                                               \
    X(FORMED_WEIGHT, WEIGHT, 1u << 23)   /* + projection: weights of synapses that form during a run */                \
    X(INPUT_CELLS, SELECTION, 0)         /* + input: its cells */                                                      \
    X(REPORT_CELLS, SELECTION, 1u << 20) /* + report */                                                                \
    X(GROUP_CELLS, SELECTION, 1u << 21)  /* + group of cells of a graph measure */                                     \
    X(LESION_CELLS, SELECTION, 1u << 22) /* + lesion */                                                                \
    X(GRAPH_SAMPLE, SELECTION, 1u << 22) /* + graph: cells from which it is measured; as drawn as a lesion's */        \
    X(OTHER_RANKS, POISSON, 0xFFFF00)    /* + population, modulo 256: spikes of simulated ranks that do not exist */   \
    X(DESIGN_SHUFFLE, DESIGN, 0)         /* designs of sweeps */                                                       \
    X(DESIGN_JITTER, DESIGN, 1)                                                                                        \
    X(DESIGN_SHIFT, DESIGN, 2)                                                                                         \
    X(DESIGN_SUBJECT, DESIGN, 16)      /* + number of the draw */                                                      \
    X(RESAMPLE_BOOTSTRAP, RESAMPLE, 0) /* statistics */                                                                \
    X(RESAMPLE_SIGNS, RESAMPLE, 1)                                                                                     \
    X(RESAMPLE_HILL, RESAMPLE, 2)                                                                                      \
    X(RESAMPLE_SENSITIVITY, RESAMPLE, 3)                                                                               \
    X(RARE_LOSS, LOSS, 1u << 23)        /* + projection: synapses that may be lost in an update */                     \
    X(PERSISTENT, LOSS, 1u << 22)       /* + projection: of which kind a synapse is */                                 \
    X(FORMER_PARTNER, PARTNER, 1u << 7) /* + 1 for inhibitory: which former partner an element tries */

typedef enum {
#define RW_SUBSTREAM_ENUM(name, purpose, first) RW_SUBSTREAM_##name,
    RW_SUBSTREAMS(RW_SUBSTREAM_ENUM)
#undef RW_SUBSTREAM_ENUM
        RW_SUBSTREAM_COUNT
} rw_substream;

/* One draw: 128 random bits as four words. */
typedef struct {
    uint32_t word[4];
} rw_bits;

#define RW_PHILOX_M0 0xD2511F53u
#define RW_PHILOX_M1 0xCD9E8D57u
#define RW_PHILOX_W0 0x9E3779B9u
#define RW_PHILOX_W1 0xBB67AE85u

/* The bare Philox 4x32-10 block function. */
static inline rw_bits rw_philox(uint32_t c0, uint32_t c1, uint32_t c2, uint32_t c3, uint32_t k0, uint32_t k1) {
    for (int round = 0; round < 10; round++) {
        uint64_t p0 = (uint64_t)RW_PHILOX_M0 * c0;
        uint64_t p1 = (uint64_t)RW_PHILOX_M1 * c2;
        uint32_t n0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
        uint32_t n2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
        c1 = (uint32_t)p1;
        c3 = (uint32_t)p0;
        c0 = n0;
        c2 = n2;
        k0 += RW_PHILOX_W0;
        k1 += RW_PHILOX_W1;
    }
    return (rw_bits){{c0, c1, c2, c3}};
}

/* What a stream of draws is for: `object` distinguishes e.g. two projections (below 2^24). */
typedef struct {
    uint32_t key[2];
    uint32_t domain; /* purpose in the low byte, object above it */
} rw_stream;

/* The stream of `purpose` for `object` (0 .. 2^24 - 1) under the scenario's seed. */
static inline rw_stream rw_stream_of(uint64_t seed, rw_purpose purpose, uint32_t object) {
    return (rw_stream){{(uint32_t)seed, (uint32_t)(seed >> 32)}, (uint32_t)purpose | object << 8};
}

/* The stream of a listed use of a purpose for `object`, counted from 0. */
static inline rw_stream rw_substream_of(uint64_t seed, rw_substream use, uint32_t object) {
    static const struct {
        rw_purpose purpose;
        uint32_t first;
    } uses[] = {
#define RW_SUBSTREAM_ENTRY(name, of, first_object) {RW_PURPOSE_##of, first_object},
        RW_SUBSTREAMS(RW_SUBSTREAM_ENTRY)
#undef RW_SUBSTREAM_ENTRY
    };
    return rw_stream_of(seed, uses[use].purpose, uses[use].first + object);
}

/* The draw of `who` (a gid or an edge's serial number, below 2^48) at `when` (a step or a running number, below 2^48).
 */
static inline rw_bits rw_draw(rw_stream stream, uint64_t who, uint64_t when) {
    return rw_philox(stream.domain, (uint32_t)who, (uint32_t)when,
                     (uint32_t)(who >> 32) << 16 | ((uint32_t)(when >> 32) & 0xFFFFu), stream.key[0], stream.key[1]);
}

/* The draw of three 32-bit names, where two do not suffice. A purpose uses either this or rw_draw, never both. */
static inline rw_bits rw_draw3(rw_stream stream, uint32_t a, uint32_t b, uint32_t c) {
    return rw_philox(stream.domain, a, b, c, stream.key[0], stream.key[1]);
}

/* Uniform in the open interval (0, 1) from 32 bits. */
static inline double rw_uniform32(uint32_t word) {
    return ((double)word + 0.5) * 0x1p-32;
}

/* Uniform in the open interval (0, 1) from 64 bits, 53 of them used. */
static inline double rw_uniform64(uint32_t high, uint32_t low) {
    /* converted in two signed halves, for which every instruction set has an instruction; both and their sum are exact
     */
    uint32_t low_bits = high << 21 | low >> 11;
    double bits = (double)(int32_t)(high >> 11) * 0x1p32 + ((double)(int32_t)(low_bits ^ 0x80000000u) + 0x1p31);
    return (bits + 0.5) * 0x1p-53;
}

/* Uniform integer in [0, n), n > 0, from 64 bits (multiply and shift; bias below n / 2^64). */
static inline uint64_t rw_uniform_below(uint32_t high, uint32_t low, uint64_t n) {
    __extension__ typedef unsigned __int128 wide;
    return (uint64_t)(((wide)((uint64_t)high << 32 | low) * n) >> 64);
}

/* Standard normal from 128 bits (Box-Muller, 53-bit uniforms). */
static inline double rw_normal(rw_bits bits) {
    double u = rw_uniform64(bits.word[0], bits.word[1]);
    double v = rw_uniform64(bits.word[2], bits.word[3]);
    return sqrt(-2.0 * rw_log(u)) * rw_cos_turn(v);
}

#endif
