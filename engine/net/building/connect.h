/* Building a projection's synapses.
 *
 * A rule lists the synapses onto one thread's targets, the same for any team, because every draw is keyed by its target
 * (or source) id. It is run twice: to count, so that rows get exactly the memory they need, and to fill. A rule that
 * draws by source goes through the sources in rounds: each thread of each rank draws some, and those whose targets they
 * are list what was drawn. */
#ifndef RW_NET_CONNECT_H
#define RW_NET_CONNECT_H

#include "net/network.h"

/* A projection while its synapses are made. What is here is shared by the team and does not change during a pass. */
typedef struct {
    rw_network *network;
    rw_projection *projection;
    const rw_projection_spec *spec;
    uint64_t n_sources, n_targets;
    bool within;           /* source and target population are the same */
    rw_stream edge_stream; /* of the rule's draws */
    rw_stream weight_stream, delay_stream;
    bool weight_varies, delay_varies; /* drawn for each synapse */
    float weight;                     /* where it does not vary */
    uint32_t delay;                   /* steps, where it does not vary */
    bool compact;                     /* rows need no more than targets of 16 bits */
    uint32_t *indegree;               /* [this rank's targets] of RW_CONNECT_FIXED_TOTAL_NUMBER */
    uint64_t n_rounds;                /* of a rule that draws by source */
    rw_mail *mails;                   /* [n_threads] what was drawn in this round: pairs of source and target */
    struct rw_grid *grid;             /* of the sources, of RW_CONNECT_DISTANCE */
} rw_connection;

/* One thread's walk through the synapses of a projection. */
typedef struct {
    const rw_connection *connection;
    int thread;
    rw_slice slice; /* its targets */
    rw_adjacency *adjacency;
    bool fill;                     /* false: only count */
    bool unordered;                /* the rule did not list targets in ascending order */
    uint32_t *listed;              /* [slice] synapses listed so far per target; NULL if nothing is drawn per synapse */
    uint32_t min_delay, max_delay; /* steps, of the synapses counted */
    uint32_t *list;                /* scratch: the partners of one cell */
    uint64_t list_size;
    uint64_t *taken; /* scratch: a bit per partner; all 0 between uses */
} rw_pass;

/* A rule. `prepare` refuses what cannot be met and makes what the team shares (may be NULL; collective); `list` lists a
 * pass. Rules that draw by source have `draw`, which puts a thread's part of a round in its mail; `list` then lists the
 * round. */
typedef struct {
    rw_err (*prepare)(rw_connection *connection);
    rw_err (*list)(rw_pass *pass);
    rw_err (*draw)(rw_pass *pass, uint64_t round, rw_mail *mail);
} rw_rule;

extern const rw_rule rw_rule_one_to_one, rw_rule_all_to_all, rw_rule_pairwise_bernoulli, rw_rule_fixed_indegree,
    rw_rule_fixed_outdegree, rw_rule_fixed_total_number, rw_rule_distance, rw_rule_table;

/* Builds the rows, packing, delays and serial numbers of a projection by its rule.
 * Errors: RW_ERR_INPUT with the projection's name and mark, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_projection_connect(rw_network *network, rw_projection *projection);

/* Lists the synapses of all threads: passes [n_threads], begun by the caller. Collective.
 * Errors: RW_ERR_SYSTEM, those of the rule. */
RW_MUST_CHECK rw_err rw_passes_list(rw_connection *connection, const rw_rule *rule, rw_pass *passes);

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

/* The partner a cell leaves out: itself, or nobody (a number that no partner has). */
uint64_t rw_connection_left_out(const rw_connection *connection, uint64_t id);

/* Draws n sources for `target` and lists them. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_pass_draw_column(rw_pass *pass, uint64_t target, uint64_t n);

/* Frees the grid of RW_CONNECT_DISTANCE; *grid may be NULL and becomes NULL. */
void rw_grid_destroy(struct rw_grid **grid);

/* The message's first words for errors of a rule: "file:line:col: projection 'name'". */
#define RW_CONNECTION_PLACE(connection)                                                                                \
    rw_place_of("projection", (connection)->spec->name, (connection)->spec->mark).text

#endif
