#include "sim/barrier.h"

#include <sched.h>
#ifdef __linux__
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

/* Turns of the waiting loop before a thread sleeps: some tens of microseconds, about what waking up costs. */
enum { PATIENCE = 1000 };

void rw_barrier_init(rw_barrier *barrier, unsigned n) {
    barrier->n = n;
    atomic_init(&barrier->arrived, 0);
    atomic_init(&barrier->round, 0);
    atomic_init(&barrier->sleepers, 0);
}

static void pause_briefly(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

/* Sleeps until the round is over; may return early. */
static void sleep_in(rw_barrier *barrier, unsigned round) {
#ifdef __linux__
    atomic_fetch_add(&barrier->sleepers, 1);
    (void)syscall(SYS_futex, &barrier->round, FUTEX_WAIT_PRIVATE, round, NULL, NULL, 0);
    atomic_fetch_sub(&barrier->sleepers, 1);
#else
    (void)barrier, (void)round;
    (void)sched_yield();
#endif
}

static void wake_sleepers(rw_barrier *barrier) {
#ifdef __linux__
    if (atomic_load(&barrier->sleepers) > 0)
        (void)syscall(SYS_futex, &barrier->round, FUTEX_WAKE_PRIVATE, (int)barrier->n, NULL, NULL, 0);
#else
    (void)barrier;
#endif
}

void rw_barrier_wait(rw_barrier *barrier) {
    unsigned round = atomic_load(&barrier->round);
    if (atomic_fetch_add(&barrier->arrived, 1) + 1 == barrier->n) {
        atomic_store(&barrier->arrived, 0);
        atomic_store(&barrier->round, round + 1);
        wake_sleepers(barrier);
        return;
    }
    for (unsigned turn = 0; atomic_load(&barrier->round) == round; turn++) {
        if (turn < PATIENCE)
            pause_briefly();
        else
            sleep_in(barrier, round);
    }
}
