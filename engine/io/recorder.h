/* A recorder: an observer that writes one file of the result. result.c creates and closes them. */
#ifndef RW_IO_RECORDER_H
#define RW_IO_RECORDER_H

#include "io/directory.h"
#include "sim/run_state/archive.h"
#include "sim/simulation.h"

typedef struct {
    rw_observer observer;        /* observer.self is what the functions below take */
    rw_err (*flush)(void *self); /* makes what was recorded until now readable in NAME.part; may be NULL */
    /* Gives the files their final names. `sim` is the state in which the run ended, completely or early; NULL: it
     * failed. */
    rw_err (*commit)(void *self, const rw_simulation *sim);
    void (*destroy)(void *self); /* frees it; files without commit stay as NAME.part */
    /* Saves its state and the lengths of its files, or restores both. */
    rw_err (*archive)(void *self, const rw_archive *archive);
} rw_recorder;

#endif
