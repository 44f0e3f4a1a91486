#include "cli/interrupts.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "cli/progress.h"
#include "config/units.h"
#include "sim/timer.h"

static volatile sig_atomic_t asked;       /* the flag that the simulation reads */
static volatile sig_atomic_t stop_signal; /* 0: none came */
static double began_s, limit_s, every_s, next_s;

static void on_stop(int number) {
    stop_signal = number;
    asked = 1;
}

static void on_alarm(int number) {
    (void)number;
    asked = 1;
}

void rw_interrupts_catch(void) {
    struct sigaction once = {.sa_handler = on_stop, .sa_flags = (int)(SA_RESETHAND | SA_RESTART)};
    struct sigaction always = {.sa_handler = on_stop, .sa_flags = SA_RESTART};
    struct sigaction alarm = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
    (void)sigaction(SIGINT, &once, NULL);
    (void)sigaction(SIGTERM, &once, NULL);
    (void)sigaction(SIGUSR1, &always, NULL);
    (void)sigaction(SIGALRM, &alarm, NULL);
    began_s = rw_clock_s();
}

/* Sets the alarm to what is due first. */
static void set_alarm(void) {
    double now_s = rw_clock_s(), wait_s = INFINITY;
    if (limit_s > 0.0)
        wait_s = began_s + limit_s - now_s;
    if (every_s > 0.0)
        wait_s = fmin(wait_s, next_s - now_s);
    if (!isfinite(wait_s))
        return;
    wait_s = fmax(wait_s, 1e-3);
    struct itimerval timer = {
        .it_value = {.tv_sec = (time_t)wait_s, .tv_usec = (suseconds_t)(1e6 * fmod(wait_s, 1.0))}};
    (void)setitimer(ITIMER_REAL, &timer, NULL); /* cannot fail for such values */
}

void rw_interrupts_schedule(double limit, double every) {
    limit_s = limit;
    every_s = every;
    next_s = rw_clock_s() + every_s;
    set_alarm();
}

const volatile int *rw_interrupts_flag(void) {
    return &asked;
}

const char *rw_interrupts_reason(void) {
    switch (stop_signal) {
    case 0:
        return limit_s > 0.0 && rw_clock_s() >= began_s + limit_s ? "the time limit" : NULL;
    case SIGINT:
        return "SIGINT";
    case SIGUSR1:
        return "SIGUSR1";
    default:
        return "SIGTERM";
    }
}

void rw_interrupts_go_on(void) {
    asked = 0;
    if (stop_signal != 0)
        asked = 1; /* it came in between */
    next_s = rw_clock_s() + every_s;
    set_alarm();
}

/* [[days-]hours:]minutes:seconds; false if it is not written so. */
static bool read_clock(const char *text, double *span_s) {
    static const double sixty[] = {60.0, 60.0, 24.0}; /* of the next greater unit: minutes, hours, days */
    unsigned long parts[4];
    int n = 0;
    for (const char *next = text; n < 4; next++) {
        char *end = NULL;
        if (*next < '0' || *next > '9')
            return false;
        parts[n++] = strtoul(next, &end, 10);
        next = end;
        if (*next == '\0')
            break;
        if (*next != ':' && (*next != '-' || n != 1))
            return false;
    }
    bool days = strchr(text, '-') != NULL;
    if (n < 2 || (days && n != 4) || (!days && n == 4))
        return false;
    *span_s = 0.0;
    for (int k = 0; k < n; k++)
        *span_s = *span_s * (k > 0 ? sixty[n - 1 - k] : 1.0) + (double)parts[k];
    return true;
}

rw_err rw_interrupts_span(const char *option, const char *text, double *span_s) {
    char problem[512] = "";
    rw_units *units = NULL;
    if (strspn(text, "0123456789:-") == strlen(text) && read_clock(text, span_s) && *span_s > 0.0)
        return RW_OK;
    RW_TRY(rw_units_create(&units));
    bool right = rw_units_parse(units, text, "s", span_s, problem, sizeof problem) && *span_s > 0.0 && *span_s < 1e9;
    rw_units_destroy(&units);
    RW_CHECK(right, RW_ERR_INPUT, "%s %s: give a time like 3:55:00, 1-12:00:00 (days first), or \"90 min\"", option,
             text);
    return RW_OK;
}
