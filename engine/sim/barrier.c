#include "sim/barrier.h"

#include <sched.h>
#ifdef __linux__
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

/* Turns of the waiting loop before a thread sleeps: at least what waking up costs, some tens of microseconds, at most
 * half a millisecond. It doubles if waiting helped and halves if a thread slept nevertheless. */
enum { LEAST_PATIENCE = 512, MOST_PATIENCE = 16384 };

void rw_barrier_init(rw_barrier *barrier, unsigned n) {
    barrier->n = n;
    atomic_init(&barrier->arrived, 0);
    atomic_init(&barrier->round, 0);
    atomic_init(&barrier->sleepers, 0);
    atomic_init(&barrier->patience, MOST_PATIENCE);
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
    unsigned patience = atomic_load(&barrier->patience), turn = 0;
    for (; atomic_load(&barrier->round) == round; turn++) {
        if (turn < patience)
            pause_briefly();
        else
            sleep_in(barrier, round);
    }
    unsigned next = turn > patience ? patience / 2 : patience * 2;
    atomic_store(&barrier->patience, next < LEAST_PATIENCE  ? LEAST_PATIENCE
                                     : next > MOST_PATIENCE ? MOST_PATIENCE
                                                            : next);
}
