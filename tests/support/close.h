/* cmocka 1.1.5 compares floats, not doubles; these compare doubles and print both. */
#ifndef RW_TESTS_CLOSE_H
#define RW_TESTS_CLOSE_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/error.h"

/* Tells the validation book (bench/validation/book.py), when it asks, what was compared. */
static inline void tell_of_check(double value, double reference, double tolerance) {
    if (getenv("REWIRE_CHECKS") != NULL)
        printf("check\t\t%.17g\t%.17g\t%.17g\t%.17g\n", value, reference, reference - tolerance, reference + tolerance);
}

/* |a - b| <= atol + rtol |b|; NaN fails. */
#define assert_close(a, b, rtol, atol)                                                                                 \
    do {                                                                                                               \
        double close_a_ = (a), close_b_ = (b);                                                                         \
        tell_of_check(close_a_, close_b_, (atol) + (rtol)*fabs(close_b_));                                             \
        if (!(fabs(close_a_ - close_b_) <= (atol) + (rtol)*fabs(close_b_)))                                            \
            fail_msg("%s = %.17g, expected %s = %.17g (difference %.3g)", #a, close_a_, #b, close_b_,                  \
                     close_a_ - close_b_);                                                                             \
    } while (0)

/* The call succeeds; prints rewire's message if not. */
#define assert_ok(call)                                                                                                \
    do {                                                                                                               \
        rw_err ok_err_ = (call);                                                                                       \
        if (ok_err_ != RW_OK)                                                                                          \
            fail_msg("%s: %d: %s", #call, ok_err_, rw_error_message());                                                \
    } while (0)

#endif
