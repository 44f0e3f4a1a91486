/* Errors: a return value that must be looked at, and a message that says what, where and what to do.
 *
 * A function that can fail returns rw_err. The code is also the exit code of the program, so nothing is
 * translated on the way out. The message belongs to the calling thread and stays until the next error. */
#ifndef RW_BASE_ERROR_H
#define RW_BASE_ERROR_H

#include <stdarg.h>

/* The result of everything that can fail; the values are the documented exit codes. */
typedef enum {
    RW_OK = 0,
    RW_DIFFERENT = 1,    /* `rewire diff` found a difference */
    RW_ERR_INPUT = 2,    /* the user's input is wrong */
    RW_ERR_SYSTEM = 3,   /* a file or the system failed */
    RW_ERR_DIVERGED = 4, /* the simulation left the range of meaningful numbers */
    RW_ERR_STOPPED = 5,  /* stopped early by a signal or a limit */
    RW_ERR_BUG = 70      /* a bug in rewire */
} rw_err;

/* Size of one message, bytes: twenty diagnostics with their source lines fit. */
#define RW_MESSAGE_SIZE 16384

#define RW_MUST_CHECK __attribute__((warn_unused_result))
#define RW_PRINTF(format_index, first_index) __attribute__((format(printf, format_index, first_index)))

/* Sets this thread's message and returns `code`, so that `return rw_fail(...)` reads as one thought. */
RW_MUST_CHECK rw_err rw_fail(rw_err code, const char *format, ...) RW_PRINTF(2, 3);

/* Puts "context: " in front of this thread's message and returns `code`. */
RW_MUST_CHECK rw_err rw_fail_context(rw_err code, const char *format, ...) RW_PRINTF(2, 3);

/* This thread's last message; never NULL, empty when nothing failed. */
#pragma GCC visibility push(default) /* part of the library's interface (rewire.h) */
const char *rw_error_message(void);
#pragma GCC visibility pop

/* An error with its message, kept to be reported later or by another thread. A zeroed record holds no error. */
typedef struct {
    rw_err err;
    char message[RW_MESSAGE_SIZE];
} rw_error_record;

/* Keeps `err` with this thread's message; does nothing if `err` is RW_OK or the record already holds an error. */
void rw_error_record_keep(rw_error_record *record, rw_err err);

/* Sets this thread's message to that of the record and returns its error; returns RW_OK if the record holds none. */
RW_MUST_CHECK rw_err rw_error_record_raise(const rw_error_record *record);

/* Reports a bug in rewire on standard error and aborts. */
_Noreturn void rw_assert_failed(const char *file, int line, const char *condition);

/* What the user or the environment can get wrong. Never compiled out. */
#define RW_CHECK(condition, code, ...)                                                                                 \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            return rw_fail((code), __VA_ARGS__);                                                                       \
    } while (0)

/* Passes an error up. What must be cleaned up is made in two functions: one fills it with RW_TRY; the other calls that
 * one, cleans up whatever it returned, and passes the error up. Where that is only a call or two, the calls follow each
 * other as `if (err == RW_OK) err = ...` and the clean-up comes last. There is no goto. */
#define RW_TRY(call)                                                                                                   \
    do {                                                                                                               \
        rw_err rw_try_ = (call);                                                                                       \
        if (rw_try_ != RW_OK)                                                                                          \
            return rw_try_;                                                                                            \
    } while (0)

/* What only a bug can break. Never compiled out. */
#define RW_ASSERT(condition)                                                                                           \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            rw_assert_failed(__FILE__, __LINE__, #condition);                                                          \
    } while (0)

#endif
