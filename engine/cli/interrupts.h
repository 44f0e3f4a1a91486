/* What interrupts a run: signals, its time limit, and the wall-clock interval of checkpoints. */
#ifndef RW_CLI_INTERRUPTS_H
#define RW_CLI_INTERRUPTS_H

#include "base/error.h"

/* From now on SIGINT, SIGTERM and SIGUSR1 request an orderly end. A second SIGINT or SIGTERM ends the program at once,
 * which does no damage: checkpoints are complete on the disk. The time limit counts from here. */
void rw_interrupts_catch(void);

/* Requests an end after limit_s, and a pause every every_s, of wall time; 0: never. */
void rw_interrupts_schedule(double limit_s, double every_s);

/* Nonzero when an end or a pause is requested. */
const volatile int *rw_interrupts_flag(void);

/* The cause of a requested end: "SIGTERM", "the time limit"; NULL if none is requested, so that the run continues. */
const char *rw_interrupts_reason(void);

/* Clears the request. */
void rw_interrupts_go_on(void);

/* Reads a span of wall time, "3:55:00" or "90 min", as seconds > 0; `option` is for the message. Errors: RW_ERR_INPUT,
 * RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_interrupts_span(const char *option, const char *text, double *span_s);

#endif
