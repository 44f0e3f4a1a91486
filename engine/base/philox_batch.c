#include "base/philox_batch.h"

#include <stdbool.h>

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define HAVE_X86 1
#endif

/* Counters of a run of draws: i is added to word `counted`, 1 or 2; or, where they are listed, word w is listed[w][i].
 */
typedef struct {
    uint32_t c[4];
    int counted;
    uint32_t *const *listed;
    uint32_t key[2];
} run;

static void draw_plain(const run *r, size_t begin, size_t n, uint32_t *const words[4]) {
    for (size_t i = begin; i < n; i++) {
        uint32_t c[4] = {r->c[0], r->c[1], r->c[2], r->c[3]};
        for (int w = 0; r->listed != NULL && w < 4; w++)
            c[w] = r->listed[w][i];
        if (r->listed == NULL)
            c[r->counted] += (uint32_t)i;
        rw_bits bits = rw_philox(c[0], c[1], c[2], c[3], r->key[0], r->key[1]);
        for (int w = 0; w < 4; w++)
            words[w][i] = bits.word[w];
    }
}

#ifdef HAVE_X86
/* A 32-bit word stands in the low half of each 64-bit lane, where the multiplier reads it; the high half is never read.
 * So a round needs no shuffling: two products, two shifts, four exclusive ors. */

__attribute__((target("avx512f"))) static inline __m512i load_avx512(const uint32_t *words) {
    return _mm512_cvtepu32_epi64(_mm256_loadu_si256((const __m256i *)(const void *)words));
}

__attribute__((target("avx512f"))) static size_t draw_avx512(const run *r, size_t n, uint32_t *const words[4]) {
    enum { LANES = 8 };
    const __m512i m0 = _mm512_set1_epi64(RW_PHILOX_M0), m1 = _mm512_set1_epi64(RW_PHILOX_M1);
    const __m512i index = _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0);
    const __m512i counted1 = _mm512_set1_epi64(r->counted == 1 ? -1 : 0);
    const __m512i counted2 = _mm512_set1_epi64(r->counted == 2 ? -1 : 0);
    size_t i = 0;
    for (; i + 2 * LANES <= n; i += 2 * LANES) {
        __m512i c0[2], c1[2], c2[2], c3[2];
        for (int g = 0; g < 2; g++) {
            size_t place = i + (size_t)g * LANES;
            c0[g] = _mm512_set1_epi64(r->c[0]);
            c1[g] = _mm512_set1_epi64(r->c[1]);
            c2[g] = _mm512_set1_epi64(r->c[2]);
            c3[g] = _mm512_set1_epi64(r->c[3]);
            if (r->listed != NULL) {
                c0[g] = load_avx512(r->listed[0] + place);
                c1[g] = load_avx512(r->listed[1] + place);
                c2[g] = load_avx512(r->listed[2] + place);
                c3[g] = load_avx512(r->listed[3] + place);
            } else {
                __m512i count = _mm512_add_epi64(index, _mm512_set1_epi64((long long)place));
                c1[g] = _mm512_add_epi64(c1[g], _mm512_and_si512(count, counted1));
                c2[g] = _mm512_add_epi64(c2[g], _mm512_and_si512(count, counted2));
            }
        }
        uint32_t k0 = r->key[0], k1 = r->key[1];
        for (int round = 0; round < 10; round++) {
            const __m512i key0 = _mm512_set1_epi64(k0), key1 = _mm512_set1_epi64(k1);
            for (int g = 0; g < 2; g++) {
                __m512i p0 = _mm512_mul_epu32(c0[g], m0), p1 = _mm512_mul_epu32(c2[g], m1);
                c0[g] = _mm512_xor_si512(_mm512_xor_si512(_mm512_srli_epi64(p1, 32), c1[g]), key0);
                c2[g] = _mm512_xor_si512(_mm512_xor_si512(_mm512_srli_epi64(p0, 32), c3[g]), key1);
                c1[g] = p1;
                c3[g] = p0;
            }
            k0 += RW_PHILOX_W0;
            k1 += RW_PHILOX_W1;
        }
        for (int g = 0; g < 2; g++) {
            size_t place = i + (size_t)g * LANES;
            _mm256_storeu_si256((__m256i *)(void *)(words[0] + place), _mm512_cvtepi64_epi32(c0[g]));
            _mm256_storeu_si256((__m256i *)(void *)(words[1] + place), _mm512_cvtepi64_epi32(c1[g]));
            _mm256_storeu_si256((__m256i *)(void *)(words[2] + place), _mm512_cvtepi64_epi32(c2[g]));
            _mm256_storeu_si256((__m256i *)(void *)(words[3] + place), _mm512_cvtepi64_epi32(c3[g]));
        }
    }
    return i;
}

/* The low halves of the lanes of a, then of b. */
__attribute__((target("avx2"))) static inline __m256i low_halves(__m256i a, __m256i b) {
    __m256 packed = _mm256_shuffle_ps(_mm256_castsi256_ps(a), _mm256_castsi256_ps(b), _MM_SHUFFLE(2, 0, 2, 0));
    return _mm256_permute4x64_epi64(_mm256_castps_si256(packed), _MM_SHUFFLE(3, 1, 2, 0));
}

__attribute__((target("avx2"))) static inline __m256i load_avx2(const uint32_t *words) {
    return _mm256_cvtepu32_epi64(_mm_loadu_si128((const __m128i *)(const void *)words));
}

__attribute__((target("avx2"))) static size_t draw_avx2(const run *r, size_t n, uint32_t *const words[4]) {
    enum { LANES = 4 };
    const __m256i m0 = _mm256_set1_epi64x(RW_PHILOX_M0), m1 = _mm256_set1_epi64x(RW_PHILOX_M1);
    const __m256i index = _mm256_set_epi64x(3, 2, 1, 0);
    const __m256i counted1 = _mm256_set1_epi64x(r->counted == 1 ? -1 : 0);
    const __m256i counted2 = _mm256_set1_epi64x(r->counted == 2 ? -1 : 0);
    size_t i = 0;
    for (; i + 2 * LANES <= n; i += 2 * LANES) {
        __m256i c0[2], c1[2], c2[2], c3[2];
        for (int g = 0; g < 2; g++) {
            size_t place = i + (size_t)g * LANES;
            c0[g] = _mm256_set1_epi64x(r->c[0]);
            c1[g] = _mm256_set1_epi64x(r->c[1]);
            c2[g] = _mm256_set1_epi64x(r->c[2]);
            c3[g] = _mm256_set1_epi64x(r->c[3]);
            if (r->listed != NULL) {
                c0[g] = load_avx2(r->listed[0] + place);
                c1[g] = load_avx2(r->listed[1] + place);
                c2[g] = load_avx2(r->listed[2] + place);
                c3[g] = load_avx2(r->listed[3] + place);
            } else {
                __m256i count = _mm256_add_epi64(index, _mm256_set1_epi64x((long long)place));
                c1[g] = _mm256_add_epi64(c1[g], _mm256_and_si256(count, counted1));
                c2[g] = _mm256_add_epi64(c2[g], _mm256_and_si256(count, counted2));
            }
        }
        uint32_t k0 = r->key[0], k1 = r->key[1];
        for (int round = 0; round < 10; round++) {
            const __m256i key0 = _mm256_set1_epi64x(k0), key1 = _mm256_set1_epi64x(k1);
            for (int g = 0; g < 2; g++) {
                __m256i p0 = _mm256_mul_epu32(c0[g], m0), p1 = _mm256_mul_epu32(c2[g], m1);
                c0[g] = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(p1, 32), c1[g]), key0);
                c2[g] = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(p0, 32), c3[g]), key1);
                c1[g] = p1;
                c3[g] = p0;
            }
            k0 += RW_PHILOX_W0;
            k1 += RW_PHILOX_W1;
        }
        _mm256_storeu_si256((__m256i *)(void *)(words[0] + i), low_halves(c0[0], c0[1]));
        _mm256_storeu_si256((__m256i *)(void *)(words[1] + i), low_halves(c1[0], c1[1]));
        _mm256_storeu_si256((__m256i *)(void *)(words[2] + i), low_halves(c2[0], c2[1]));
        _mm256_storeu_si256((__m256i *)(void *)(words[3] + i), low_halves(c3[0], c3[1]));
    }
    return i;
}
#endif

static void draw(const run *r, size_t n, uint32_t *const words[4]) {
    size_t done = 0;
#ifdef HAVE_X86
    if (__builtin_cpu_supports("avx512f"))
        done = draw_avx512(r, n, words);
    else if (__builtin_cpu_supports("avx2"))
        done = draw_avx2(r, n, words);
#endif
    draw_plain(r, done, n, words);
}

static run run_from(rw_stream stream, uint64_t who, uint64_t when, int counted) {
    return (run){.c = {stream.domain, (uint32_t)who, (uint32_t)when,
                       (uint32_t)(who >> 32) << 16 | ((uint32_t)(when >> 32) & 0xFFFFu)},
                 .counted = counted,
                 .key = {stream.key[0], stream.key[1]}};
}

void rw_draw_for_each_who(rw_stream stream, uint64_t who, uint64_t when, size_t n, uint32_t *const words[4]) {
    run r = run_from(stream, who, when, 1);
    draw(&r, n, words);
}

void rw_draw_for_each_when(rw_stream stream, uint64_t who, uint64_t when, size_t n, uint32_t *const words[4]) {
    run r = run_from(stream, who, when, 2);
    draw(&r, n, words);
}

void rw_philox_for_each(const uint32_t key[2], size_t n, uint32_t *const words[4]) {
    run r = {.listed = words, .key = {key[0], key[1]}};
    draw(&r, n, words);
}
