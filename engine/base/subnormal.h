/* Numbers below 1e-308 are treated as zero while the threads of a run compute.
 *
 * A synaptic current that decays undisturbed for a second gets there, and processors then take a hundred times as long
 * for each operation. */
#ifndef RW_BASE_SUBNORMAL_H
#define RW_BASE_SUBNORMAL_H

#include <stdint.h>

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

/* Makes the calling thread treat subnormal numbers as zero; returns what rw_restore_rounding needs. Where the processor
 * has no such mode nothing happens. */
static inline uint64_t rw_flush_subnormals(void) {
#if defined(__SSE2__)
    unsigned mode = _mm_getcsr();
    _mm_setcsr(mode | 0x8040); /* flush to zero, denormals are zero */
    return mode;
#elif defined(__aarch64__)
    uint64_t mode;
    __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
    __asm__ volatile("msr fpcr, %0" : : "r"(mode | (1u << 24)));
    return mode;
#else
    return 0;
#endif
}

/* Restores the mode that the calling thread had. */
static inline void rw_restore_rounding(uint64_t mode) {
#if defined(__SSE2__)
    _mm_setcsr((unsigned)mode);
#elif defined(__aarch64__)
    __asm__ volatile("msr fpcr, %0" : : "r"(mode));
#else
    (void)mode;
#endif
}

#endif
