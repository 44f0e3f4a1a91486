/* One thread's pass through the synapses that a rule lists, which counts them, or draws their weights and delays and
 * stores them.
 *
 * A rule lists the synapses onto one thread's targets, equal for any number of threads and ranks, because every draw is
 * keyed by its target (or source) id. The rule runs twice: to count, so that rows get exactly the memory they need, and
 * to fill. Weights, and delays that are not known before, are drawn while filling. A rule that draws by source goes
 * through the sources in rounds: each thread of each rank draws some, and the owners of their targets list what was
 * drawn. */
#ifndef RW_NET_PASS_H
#define RW_NET_PASS_H

#include "comm/mail.h"
#include "config/mark_text.h"
#include "net/partition.h"
#include "net/population.h"
#include "net/projection.h"
#include "net/spatial_grid.h"

/* A projection while its synapses are made. It is shared by the threads and does not change during a pass. */
typedef struct {
    const rw_scenario *scenario;
    const rw_partition *partition;
    const rw_population *source, *target;
    rw_projection *projection;
    const rw_projection_spec *spec;
    uint64_t n_sources, n_targets;
    bool within;           /* source and target population are the same */
    rw_stream edge_stream; /* of the rule's draws */
    rw_stream weight_stream, delay_stream;
    bool weight_varies, delay_varies; /* drawn for each synapse */
    float weight;                     /* where it does not vary */
    uint32_t delay;                   /* steps, where it does not vary */
    bool late;                        /* delays are drawn while rows are filled, not while they are counted; until all
                                         are known, packed targets hold steps instead of delay classes */
    bool compact;                     /* rows are compact */
    uint32_t *indegree;               /* [this rank's targets] of RW_CONNECT_FIXED_TOTAL_NUMBER */
    uint64_t n_rounds;                /* of a rule that draws by source */
    rw_mail *mails;                   /* [n_threads] what was drawn in this round: pairs of source and target */
    rw_spatial_grid grid;             /* of RW_CONNECT_DISTANCE */
    uint32_t *box_first;              /* [n_boxes + 2] the first of each box in box_sources */
    uint32_t *box_sources;            /* [n_sources] box after box, ascending in each */
} rw_connection;

/* One thread's pass through the synapses of a projection. */
typedef struct {
    const rw_connection *connection;
    int thread;
    rw_slice slice; /* its targets */
    rw_adjacency *adjacency;
    bool fill;                     /* false: only count */
    bool unordered;                /* the rule did not list targets in ascending order */
    uint32_t *listed;              /* [slice] synapses listed so far per target; NULL if nothing is drawn per synapse */
    uint32_t min_delay, max_delay; /* steps, of the synapses whose delays have been drawn */
    uint32_t *list;                /* scratch: the partners of one cell */
    uint64_t list_size;
    uint64_t *taken; /* scratch: a bit per partner; all 0 between uses */
} rw_pass;

/* A rule. `prepare` refuses what cannot be met and makes what the threads share (may be NULL; collective); `list` lists
 * the synapses of a pass. Rules that draw by source have `draw`, which puts a thread's part of a round into its mail;
 * `list` then lists the synapses of that round. */
typedef struct {
    rw_err (*prepare)(rw_connection *connection);
    rw_err (*list)(rw_pass *pass);
    rw_err (*draw)(rw_pass *pass, uint64_t round, rw_mail *mail);
} rw_rule;

/* Lists all n synapses onto `target`, from `sources`, in draw order. */
void rw_pass_column(rw_pass *pass, uint64_t target, const uint32_t *sources, uint64_t n);

/* Lists one synapse; its weight and delay are drawn. A rule lists a target's synapses one by one or as one column. */
void rw_pass_synapse(rw_pass *pass, uint64_t source, uint64_t target);

/* Lists one synapse of known weight and delay. */
void rw_pass_given(rw_pass *pass, uint64_t source, uint64_t target, float weight, uint32_t delay);

/* Makes pass->list hold at least n entries. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_pass_reserve(rw_pass *pass, uint64_t n);

/* Draws n of the numbers 0 .. total - 1 into pass->list, keyed by `who`: independently (`repeat`) or without repetition
 * (Floyd's algorithm, Bentley & Floyd 1987 CACM 30:754; n <= total). Leaves out `except` (UINT64_MAX: nothing), which
 * `total` does not count. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_pass_sample(rw_pass *pass, uint64_t who, uint64_t n, uint64_t total, uint64_t except,
                                    bool repeat);

/* How many partners a cell can choose from, of n in the other population. */
uint64_t rw_connection_partners(const rw_connection *connection, uint64_t n);

/* The partner that a cell cannot have: itself, or none (a number that no partner has). */
uint64_t rw_connection_left_out(const rw_connection *connection, uint64_t id);

/* Draws n sources for `target` and lists them. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_pass_draw_column(rw_pass *pass, uint64_t target, uint64_t n);

/* The message's first words for errors of a rule: "file:line:col: projection 'name'". */
#define RW_CONNECTION_TEXT(connection)                                                                                 \
    rw_mark_text_of("projection", (connection)->spec->name, (connection)->spec->mark).text

#endif
