/* What one thread owns: its slices of cells, their rings and spike lists, its plastic projections. Workers are
 * allocated by their own threads, so that their memory is near. */
#ifndef RW_SIM_WORKER_H
#define RW_SIM_WORKER_H

#include "sim/arrivals.h"
#include "sim/delivery.h"
#include "sim/observer.h"
#include "sim/plasticity/plastic.h"
#include "sim/timer.h"

/* A plastic projection of a worker. */
typedef struct {
    rw_plastic state;
    float *released; /* [most spikes of a step] scratch: factors of the spikes in hand; NULL: all are 1 */
    size_t n_receptors;
    size_t *receptors;                  /* [n_receptors] of the target: NMDA receptors whose calcium a rule follows */
    double *shares;                     /* [n_receptors] */
    double nmda_factor[RW_BLOCK_STEPS]; /* conductance factor of NMDA receptors in each step of the block */
} rw_worker_plastic;

typedef struct {
    int thread;
    rw_slice *slices; /* [n_populations] */
    rw_ring **rings;  /* [n_populations][n_ports]; of ports by arrival the bins of `arrivals` */
    rw_arrivals arrivals;
    rw_spike_list *spikes;    /* [n_populations] */
    void *scratch;            /* buffers of chunk.c */
    uint64_t events;          /* synaptic events delivered */
    uint64_t delivered_bytes; /* of synapses read for them */
    uint64_t *health_spikes;  /* [n_populations] since the last health check */
    rw_timer timer;
    rw_worker_plastic **plastic;   /* [n_projections] NULL: not plastic */
    rw_error_record plastic_error; /* the first of a plastic projection: a block cannot return one */
} rw_worker;

/* Creates slices, rings and lists of one thread; that thread calls it. Errors: RW_ERR_SYSTEM; the worker is then to be
 * destroyed. */
RW_MUST_CHECK rw_err rw_worker_create(rw_worker *worker, const rw_simulation *sim, int thread);

/* How many steps ahead of the present one something can arrive at a port; one less than a power of two. */
uint64_t rw_port_steps_ahead(const rw_network *network, uint32_t population, uint32_t port);

/* Frees the worker; a zeroed worker is fine. */
void rw_worker_destroy(rw_worker *worker, const rw_network *network);

#endif
