/* Elementary functions that are bitwise equal in every loop: scalar, SSE2, AVX2, AVX-512.
 *
 * They are branch-free, so compilers vectorise loops around them, and use only add, multiply, fused multiply-add,
 * compare and integer operations, which IEEE 754 rounds in one way. (The system's vector library rounds differently
 * from its scalar one.)
 */
#ifndef RW_BASE_VMATH_H
#define RW_BASE_VMATH_H

#include <stdint.h>
#include <string.h>

/* a * b + c, rounded once: one instruction where there is one (x86-64 since 2013, all 64-bit Arm), else slow but equal.
 */
static inline double rw_fma(double a, double b, double c) {
    return __builtin_fma(a, b, c);
}

/* c[0] + c[1] x + ... + c[9] x^9 by Estrin's scheme: a chain of five operations, where Horner's would have nine. A loop
 * over cells waits for chains, not for the number of operations. */
static inline double rw_polynomial(const double c[10], double x) {
    double x2 = x * x, x4 = x2 * x2;
    double c01 = rw_fma(c[1], x, c[0]), c23 = rw_fma(c[3], x, c[2]), c45 = rw_fma(c[5], x, c[4]);
    double c67 = rw_fma(c[7], x, c[6]), c89 = rw_fma(c[9], x, c[8]);
    double c03 = rw_fma(c23, x2, c01), c47 = rw_fma(c67, x2, c45);
    return rw_fma(rw_fma(c89, x4, c47), x4, c03);
}

/* e^x, relative error below 3e-16 for |x| <= 708; smaller x gives e^-708, larger x gives e^708, never inf.
 * Cody-Waite reduction x = k ln2 + r, |r| <= ln2 / 2, then 1 + r + r^2 q(r), q of degree 9 through Chebyshev's nodes
 * (relative error 2e-17). */
static inline double rw_exp(double x) {
    static const double q[10] = {0x1.0000000000001p-1,  0x1.5555555555556p-3,  0x1.5555555553d63p-5,
                                 0x1.11111111109b3p-7,  0x1.6c16c1788bd90p-10, 0x1.a01a01a7c41d5p-13,
                                 0x1.a019b90d2ae7ap-16, 0x1.71de0dae63bb3p-19, 0x1.289185613a3d6p-22,
                                 0x1.af38a9b0ec855p-26};
    const double magic = 0x1.8p52; /* adding this rounds to an integer, which is then in the low bits */
    x = __builtin_fabs(x) > 708.0 ? __builtin_copysign(708.0, x) : x;
    double shifted = rw_fma(x, 0x1.71547652b82fep0, magic);
    double k = shifted - magic;
    double r = rw_fma(-k, 0x1.62e42fee00000p-1, x);
    r = rw_fma(-k, 0x1.a39ef35793c76p-33, r);
    double p = rw_fma(rw_polynomial(q, r) * r, r, r) + 1.0;
    uint64_t bits, power;
    memcpy(&bits, &p, sizeof bits);
    memcpy(&power, &shifted, sizeof power);
    bits += power << 52; /* times 2^k */
    memcpy(&p, &bits, sizeof p);
    return p;
}

/* e^x in single precision, relative error below 3e-7 for |x| <= 86, and beyond e^86 or e^-86: half the work on twice as
 * many cells. For shares of a conductance, not for what is summed over steps. */
static inline float rw_exp_single(float x) {
    const float magic = 0x1.8p23f;
    x = __builtin_fabsf(x) > 86.0f ? __builtin_copysignf(86.0f, x) : x;
    float shifted = __builtin_fmaf(x, 0x1.715476p+0f, magic);
    float k = shifted - magic;
    float r = __builtin_fmaf(-k, 0x1.62e400p-1f, x);
    r = __builtin_fmaf(-k, 0x1.7f7d1cp-20f, r);
    float q = __builtin_fmaf(0x1.6d110ap-10f, r, 0x1.120b6ep-7f);
    q = __builtin_fmaf(q, r, 0x1.55551ap-5f);
    q = __builtin_fmaf(q, r, 0x1.5554dcp-3f);
    q = __builtin_fmaf(q, r, 0.5f);
    float p = __builtin_fmaf(q * r, r, r) + 1.0f;
    uint32_t bits, power;
    memcpy(&bits, &p, sizeof bits);
    memcpy(&power, &shifted, sizeof power);
    bits += power << 23;
    memcpy(&p, &bits, sizeof p);
    return p;
}

/* The largest z for which rw_relaxation needs no exponential. */
#define RW_RELAXATION_SMALL 0.5

/* (1 - e^-z) / z for 0 <= z <= RW_RELAXATION_SMALL, relative error below 2e-16: 1 + z q(z), q of degree 9 through
 * Chebyshev's nodes (relative error 4e-18). */
static inline double rw_relaxation_small(double z) {
    static const double q[10] = {-0x1.0000000000000p-1,  0x1.5555555555527p-3,   -0x1.5555555552589p-5,
                                 0x1.1111110fde97ap-7,   -0x1.6c16c0ef372d5p-10, 0x1.a019e45bbbf94p-13,
                                 -0x1.a015d22f6d393p-16, 0x1.717f0810b8f80p-19,  -0x1.22be82715196bp-22,
                                 0x1.5deaab3617033p-26};
    return rw_fma(rw_polynomial(q, z), z, 1.0);
}

/* (1 - e^-z) / z for z >= 0: by how much less a quantity moves in a step than at its first speed, if it relaxes and z
 * is the step over its time constant. Where no z is large a loop may call rw_relaxation_small: the bits are the same.
 */
static inline double rw_relaxation(double z) {
    double large = (1.0 - rw_exp(-z)) / z;
    return z <= RW_RELAXATION_SMALL ? rw_relaxation_small(z) : large;
}

/* Natural logarithm of a positive normal number, error below 1 ulp.
 * x = 2^k m with m in [sqrt(1/2), sqrt(2)); log m from the odd series in s = (m - 1) / (m + 1), minimax as in fdlibm.
 */
static inline double rw_log(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    uint64_t shifted = bits - 0x3fe6a09e00000000u;       /* sqrt(1/2) becomes the lower edge of an octave */
    double k = (double)((int32_t)(shifted >> 32) >> 20); /* in 32 bits, for which AVX2 has the instructions */
    bits -= shifted & 0xfff0000000000000u;
    double m;
    memcpy(&m, &bits, sizeof m);
    double f = m - 1.0;
    double s = f / (2.0 + f);
    double z = s * s;
    double p = 1.479819860511658591e-01;
    p = p * z + 1.531383769920937332e-01;
    p = p * z + 1.818357216161805012e-01;
    p = p * z + 2.222219843214978396e-01;
    p = p * z + 2.857142874366239149e-01;
    p = p * z + 3.999999999940941908e-01;
    p = p * z + 6.666666666666735130e-01;
    double half = 0.5 * f * f;
    double low = s * (half + p * z) + k * 0x1.a39ef35793c76p-33;
    return k * 0x1.62e42fee00000p-1 - ((half - low) - f);
}

/* x^y for x >= 0; 0^0 = 1. */
static inline double rw_power(double x, double y) {
    if (y == 0.0)
        return 1.0;
    if (y == 1.0)
        return x;
    return x < 2.3e-308 ? 0.0 : rw_exp(y * rw_log(x));
}

/* cos(2 pi v) for v in [0, 1], error below 2e-16: folded to a quarter turn, then the Taylor series of the sine. */
static inline double rw_cos_turn(double v) {
    double a = v < 0.5 ? v : 1.0 - v;                /* cos is even about the half turn */
    double y = 6.283185307179586476925 * (0.25 - a); /* cos(2 pi a) = sin(2 pi (1/4 - a)), |y| <= pi / 2 */
    double z = y * y;
    double p = 1.0 / 51090942171709440000.0;
    p = 1.0 / -121645100408832000.0 + p * z;
    p = 1.0 / 355687428096000.0 + p * z;
    p = 1.0 / -1307674368000.0 + p * z;
    p = 1.0 / 6227020800.0 + p * z;
    p = 1.0 / -39916800.0 + p * z;
    p = 1.0 / 362880.0 + p * z;
    p = 1.0 / -5040.0 + p * z;
    p = 1.0 / 120.0 + p * z;
    p = 1.0 / -6.0 + p * z;
    return y + y * z * p;
}

#endif
