/* Hashing of numbers, for digests that show whether two things are equal. */
#ifndef RW_BASE_MIX_H
#define RW_BASE_MIX_H

#include <stdint.h>
#include <string.h>

/* Spreads every bit over all others (the finalizer of splitmix64: Steele, Lea & Flood 2014 OOPSLA). */
static inline uint64_t rw_mix(uint64_t x) {
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
    x = (x ^ x >> 27) * 0x94D049BB133111EBu;
    return x ^ x >> 31;
}

/* The bits of a number. */
static inline uint64_t rw_bits_of(double number) {
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    return bits;
}

#endif
