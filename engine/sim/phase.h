/* The phases of a run, between which its time is divided. */
#ifndef RW_SIM_PHASE_H
#define RW_SIM_PHASE_H

/* `exchange` and the phases after it are done by one thread while the others wait or have nothing to do; `wait` is
 * the time that threads wait for each other. */
#define RW_PHASES(X)                                                                                                   \
    X(UPDATE, "update")                                                                                                \
    X(SCATTER, "scatter")                                                                                              \
    X(GROWTH, "growth")                                                                                                \
    X(WAIT, "wait")                                                                                                    \
    X(EXCHANGE, "exchange")                                                                                            \
    X(COLLECT, "collect")                                                                                              \
    X(REWIRE, "rewire")                                                                                                \
    X(OBSERVE, "observe")

typedef enum {
#define RW_PHASE_ENUM(name, text) RW_PHASE_##name,
    RW_PHASES(RW_PHASE_ENUM)
#undef RW_PHASE_ENUM
        RW_PHASE_COUNT
} rw_phase;

/* The phase of a stopped timer. */
#define RW_NO_PHASE RW_PHASE_COUNT

/* "update", "scatter", ... */
static inline const char *rw_phase_name(rw_phase phase) {
    static const char *const names[] = {
#define RW_PHASE_NAME(name, text) [RW_PHASE_##name] = text,
        RW_PHASES(RW_PHASE_NAME)
#undef RW_PHASE_NAME
    };
    return names[phase];
}

#endif
