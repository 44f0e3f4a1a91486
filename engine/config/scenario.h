/* A scenario: what the user asked for, checked, with every default filled in.
 *
 * It is plain data: names are resolved to indices, quantities to the engine's units (ms, mV, nS, pA, pF, um, Hz),
 * times to integer steps: multiples of time.step, of biological time unless a comment says that they are the network's.
 * Nothing in it depends on threads, ranks or the machine. */
#ifndef RW_CONFIG_SCENARIO_H
#define RW_CONFIG_SCENARIO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/memory.h"
#include "config/checkpoint_spec.h"
#include "config/node_origin.h"
#include "config/outcomes_spec.h"
#include "config/rewire_spec.h"
#include "config/scenario_values.h"
#include "model/model.h"

/* Where something was said, for messages that come after reading. */
typedef struct {
    const char *file; /* NULL: not from a file */
    uint32_t line, column;
} rw_mark;

/* A parameter or initial state that the scenario sets. */
typedef struct {
    size_t field; /* index in the model's fields */
    rw_value value;
} rw_setting;

/* A model and what the scenario sets of it. */
typedef struct {
    const rw_model *model;
    const rw_setting *settings;
    size_t n_settings;
    bool by_subunit; /* a receptor that is split by subunit: what is not set is that of each */
} rw_model_spec;

/* Spikes that come from outside: sorted by (step, id). step is the spike's time stamp in steps. A cell may have several
 * spikes in one step, each of which counts. */
typedef struct {
    uint64_t count;
    const uint64_t *step;
    const uint64_t *id;
} rw_spike_table;

typedef enum { RW_POSITION_RANDOM, RW_POSITION_GRID, RW_POSITION_TABLE } rw_position_kind;

typedef struct {
    rw_mark mark;
    const char *name;
    const rw_model *model; /* NULL: virtual cells that replay `spikes` */
    bool model_known;      /* while a scenario is read: false if its model is wrong */
    uint64_t count;
    const rw_setting *settings; /* neuron parameters and initial states */
    size_t n_settings;
    bool has_glun2;
    double glun2[RW_GLUN2_COUNT];   /* shares of the subunits in NMDA receptors, sum 1; only if has_glun2 */
    const rw_model_spec *receptors; /* every receptor that a projection, input or setting names on it */
    size_t n_receptors;
    rw_position_kind position;
    const double *position_um[3];    /* [count] each; RW_POSITION_TABLE only */
    const char *const *spikes_files; /* [n_spikes_files] SONATA spikes of virtual cells, which add up */
    size_t n_spikes_files;
    const char *spikes_population; /* population inside each file (NULL: the only one) */
    rw_spike_table spikes;         /* filled by rw_sonata_load_spikes before the network is built */
    const char *nodes_file;        /* SONATA nodes with parameters of single cells; NULL: none */
    const char *nodes_of_result;   /* the same, as the result will have it; NULL: it need not */
    const rw_node_origin *origin;  /* what the circuit says of its cells; NULL: it is from no circuit */
    uint64_t n_late_spikes;        /* spikes in these files that come after the end of the run */
} rw_population_spec;

typedef enum {
    RW_KERNEL_NONE,        /* 1: any distance */
    RW_KERNEL_GAUSSIAN,    /* exp(-d^2 / (2 sigma^2)) */
    RW_KERNEL_EXPONENTIAL, /* exp(-d / sigma) */
    RW_KERNEL_BOX,         /* 1 up to sigma, 0 beyond */
    RW_KERNEL_POWER        /* (1 + d / sigma)^-exponent */
} rw_kernel_kind;

/* How a probability falls with distance d (um); periodic distance in a periodic space. */
typedef struct {
    rw_kernel_kind kind;
    double sigma_um;
    double cutoff_um; /* no connection beyond; infinity by default */
    double exponent;  /* of RW_KERNEL_POWER */
} rw_kernel;

typedef enum {
    RW_CONNECT_NONE, /* starts without synapses */
    RW_CONNECT_ONE_TO_ONE,
    RW_CONNECT_ALL_TO_ALL,
    RW_CONNECT_PAIRWISE_BERNOULLI, /* p */
    RW_CONNECT_FIXED_INDEGREE,     /* n per target */
    RW_CONNECT_FIXED_OUTDEGREE,    /* n per source */
    RW_CONNECT_FIXED_TOTAL_NUMBER, /* n in all */
    RW_CONNECT_DISTANCE,           /* p x kernel(d) */
    RW_CONNECT_TABLE               /* edges read from a file */
} rw_connect_rule;

/* Edges that come from a file, in file order. Ids are inside the populations. */
typedef struct {
    uint64_t count;
    const uint64_t *source, *target;
    const float *weight;         /* [count] */
    const uint32_t *delay_steps; /* [count], each >= 1 */
} rw_edge_table;

/* Where a projection's or input's spikes act on the target cell, and with which share of the weight. */
typedef struct {
    bool is_port; /* true: `index` is a RW_PORT field of the neuron model; false: of the population's receptors */
    size_t index;
    double share;
} rw_share;

typedef struct {
    rw_mark mark;
    const char *name;        /* unique; "<from>__<to>__<receptors>" by default */
    uint32_t source, target; /* population indices */
    rw_connect_rule rule;
    double p;
    uint64_t n;
    rw_kernel kernel;    /* of RW_CONNECT_DISTANCE */
    rw_edge_table table; /* of RW_CONNECT_TABLE; filled by rw_edges_load before the network is built */
    const char *edges_file, *edges_population; /* of the table (NULL: a circuit's own; named as the projection) */
    const char *edges_of_result;               /* the same, as the result will have it; NULL: it need not */
    bool autapses, multapses;
    rw_value weight;   /* in the receptors' weight unit, or the port field's */
    rw_value delay_ms; /* rounded to steps, >= 1 step */
    const rw_share *shares;
    size_t n_shares;
    bool structural;     /* synapses form and vanish */
    bool lesioned;       /* lesions delete its synapses; none form unless it is structural */
    bool inhibitory;     /* sits on inhibitory dendritic elements */
    rw_kernel search;    /* partner search of structural projections */
    rw_value new_weight; /* of synapses that form later */
    rw_loss_spec loss;
    rw_prune_spec prune;
    rw_stress_spec stress, stress_again;
    rw_former_partners_spec former_partners;
    bool dated;                      /* its synapses remember when they formed */
    const rw_model_spec *plasticity; /* at most one for each site; constants, for all its synapses */
    size_t n_plasticity;
} rw_projection_spec;

typedef enum { RW_INPUT_POISSON, RW_INPUT_CURRENT, RW_INPUT_NOISE, RW_INPUT_PULSE, RW_INPUT_SESSION } rw_input_kind;

/* When a pattern of cells is presented, and how much of it is stimulated. */
typedef struct {
    const char *name;
    rw_selection pattern;
    double cue;                 /* share of the pattern's cells that are stimulated, the first ones */
    const uint64_t *begin_step; /* [n_begins] of the sessions, ascending */
    size_t n_begins;
    uint64_t lasting_steps, presentations; /* of each session; presentations begin evenly spaced */
} rw_session_spec;

/* Something that drives the cells of one population from outside. */
typedef struct {
    rw_mark mark;
    rw_input_kind kind;
    uint32_t target;
    rw_selection targets;
    rw_schedule level;          /* spikes: rate in Hz; current and pulse: amplitude in pA; noise: mean in pA */
    rw_value scale;             /* per neuron multiplier of level; 1 by default */
    double weight;              /* spikes (poisson and session) */
    double std_pA;              /* noise */
    uint64_t hold_steps;        /* noise: steps of the network for which a draw is held */
    const uint64_t *onset_step; /* of pulses and presentations: [n_onsets], ascending */
    size_t n_onsets;
    uint64_t width_steps;   /* of these; biology has the network's speed while they last */
    const rw_share *shares; /* spikes */
    size_t n_shares;
    rw_session_spec session; /* session; its stimulated cells are `targets` */
} rw_input_spec;

/* Whether an input is spikes at random times, rather than a current. */
static inline bool rw_input_is_spikes(const rw_input_spec *input) {
    return input->kind == RW_INPUT_POISSON || input->kind == RW_INPUT_SESSION;
}

/* Doses of one kind: how much, by which route, when. */
typedef struct {
    rw_mark mark;
    const char *route; /* iv_bolus, iv_infusion, a route of the model, or one whose F_ and ka_ the compound has */
    double amount_mg;  /* per kg of body mass if per_kg */
    bool per_kg, salt; /* salt: the amount is that of the salt, not of the base */
    double over_ms;    /* iv_infusion */
    const double *at_ms;
    size_t n_at;
    double every_ms; /* each dose of `at` is repeated, `times` in all */
    uint64_t times;
} rw_dose_spec;

/* Where something acts: on every synapse onto the cells of a population, on those of a projection only. */
typedef struct {
    const bool *on_population; /* [n_populations] */
    const bool *on_projection; /* [n_projections] */
} rw_places;

/* The NMDA receptors of one model that a drug acts on. */
typedef struct {
    const rw_model *receptor;
    rw_places on;
} rw_drug_target;

/* Where a drug was said to act; it acts on the NMDA receptors that are there. */
typedef enum {
    RW_DRUG_ANYWHERE,
    RW_DRUG_INTERNEURONS,    /* cells whose synapses inhibit */
    RW_DRUG_PRINCIPAL_CELLS, /* cells whose synapses do not */
    RW_DRUG_PLACES           /* `on` */
} rw_drug_where;

/* A drug: what it is, how it is given, what the body does with it, and how it acts. */
typedef struct {
    rw_mark mark;
    const char *name;
    const rw_model *compound, *model, *action;
    const rw_setting *constants, *settings, *action_settings; /* of compound, model and action */
    size_t n_constants, n_settings, n_action_settings;
    rw_assay assay; /* which constants of the compound the action takes; its own unless said */
    double body_mass_kg;
    uint64_t subject, cohort; /* person `subject` of a population of persons; 0: the typical one */
    const rw_dose_spec *doses;
    size_t n_doses;
    rw_schedule level;        /* umol/l; only for a model without kinetics */
    const rw_model *receptor; /* acts on receptors of this model only; NULL: on all that are NMDA receptors */
    rw_drug_where where;
    rw_places on;                  /* of RW_DRUG_PLACES, as it was said */
    const rw_drug_target *targets; /* what it acts on as the network is: one entry for each receptor model */
    size_t n_targets;
} rw_drug_spec;

/* A growth signal: its drive, and the cascade that makes it a factor on the formation of elements. Biological times. */
typedef struct {
    rw_mark mark;
    const char *name;
    uint32_t population;
    const rw_model *drive, *model;
    const rw_setting *drive_settings, *settings; /* constants */
    size_t n_drive_settings, n_settings;
    rw_schedule blocked; /* share of its translation that is blocked (rapamycin), over time in steps */
} rw_signal_spec;

/* A factor on the conductance of one receptor: 1 leaves it, 0 blocks it. Factors and drugs that meet multiply. */
typedef struct {
    rw_mark mark;
    const rw_model *receptor;
    rw_places on;
    rw_schedule factor;
    const rw_signal_spec *signal; /* the factor is multiplied by 1 + gain x its slow signal; NULL: it is not */
    double gain;
} rw_factor_spec;

typedef enum { RW_AXON, RW_DENDRITE_EXC, RW_DENDRITE_INH, RW_ELEMENT_KINDS } rw_element;

/* How one kind of synaptic element of one population grows. */
typedef struct {
    rw_mark mark;
    uint32_t population;
    rw_element element;
    const rw_model *model;
    const rw_setting *settings; /* calcium levels already converted from rates */
    size_t n_settings;
    const rw_signal_spec *signal, *second_signal; /* whose factors the formation of these elements has; NULL: none */
    rw_schedule target_factor;                    /* of every calcium level of the curve, > 0; over time in steps */
    rw_value initial;                             /* elements at the start, beyond those that initial synapses need */
} rw_growth_spec;

typedef enum {
    RW_LESION_CELLS,   /* the cells die */
    RW_LESION_INPUTS,  /* they lose their drive from outside */
    RW_LESION_INCOMING /* they lose the synapses onto them */
} rw_lesion_kind;

/* Cells, their drive, or the synapses onto them, that are taken away at a time. */
typedef struct {
    rw_mark mark;
    uint64_t step;
    uint32_t population;
    rw_lesion_kind kind;
    rw_selection targets;
    double center_um[3], within_um; /* of the targets only those so near to the center; infinity: all */
    const bool *cut;                /* [n_projections] whose synapses are cut; RW_LESION_INCOMING only */
    double fraction;                /* of these, at random */
} rw_lesion_spec;

/* A span of time, [from, until), counted in time.step. */
typedef struct {
    rw_mark mark;
    uint64_t from_step, until_step;
} rw_window_spec;

/* Quantities that a tolerance of the clock can be for. */
enum { RW_CLOCK_RATES = 1, RW_CLOCK_SIGNALS = 2, RW_CLOCK_SYNAPSES = 4 };

/* How biological time passes while the network runs. Times are biological. */
typedef struct {
    bool slow;               /* false: the network's time is biological time, and nothing below matters */
    double factor;           /* seconds of biology in a second of the network, >= 1; with a tolerance the largest */
    double tolerance;        /* largest relative error by which the factor is chosen; 0: the factor stays */
    double slowest, fastest; /* range of a chosen factor */
    unsigned of;             /* set of RW_CLOCK_: the quantities that the tolerance is for */
    uint64_t interval_steps; /* the factor may change at multiples of it; structure.every where something rewires */
    const rw_window_spec *real_time; /* [n_real_time] in which the factor is 1 */
    size_t n_real_time;
} rw_clock_spec;

/* Structural plasticity as a whole. */
typedef struct {
    uint64_t every_steps;        /* between updates of connectivity; 0: nothing rewires */
    uint64_t growth_every_steps; /* of the network, between evaluations of the growth curves; divides every_steps */
    double tau_Ca_ms, beta_Ca;
    double vacant_decay; /* share of a neuron's vacant elements lost per update, 0 .. 1 */
} rw_structure_spec;

typedef enum { RW_OF_NEURON, RW_OF_RECEPTOR, RW_OF_CALCIUM, RW_OF_ELEMENT } rw_variable_kind;

/* A variable of some neurons, sampled at regular steps of the network. */
typedef struct {
    rw_mark mark;
    const char *name;     /* file name of the report, unique */
    const char *variable; /* as the scenario spells it: V_m, nmda.g, calcium, dendrite_exc */
    const char *unit;
    uint32_t population;
    rw_selection targets;
    rw_variable_kind kind;
    size_t receptor, field; /* of RW_OF_RECEPTOR; field also of RW_OF_NEURON */
    rw_element element;     /* of RW_OF_ELEMENT */
    uint64_t every_steps;
} rw_report_spec;

/* Cells of a population that belong together, by name. */
typedef struct {
    rw_mark mark;
    const char *name;
    uint32_t population;
    rw_selection cells;
} rw_group_spec;

/* What can be measured of the connectivity. */
typedef enum {
    RW_MEASURE_TURNOVER,
    RW_MEASURE_RETURNED,
    RW_MEASURE_DEGREES,
    RW_MEASURE_DISTANCES,
    RW_MEASURE_GROUPS,
    RW_MEASURE_RECIPROCITY, /* from here on of a graph: needs igraph, and a projection within a population or several
                               that are named as one graph */
    RW_MEASURE_CLUSTERING,
    RW_MEASURE_MODULARITY,
    RW_MEASURE_SMALL_WORLD,
    RW_MEASURE_KINDS
} rw_measure_kind;

/* Projections that are one graph, of all cells that they join. */
typedef struct {
    const char *name;
    const bool *of; /* [n_projections] */
} rw_graph_spec;

/* Measures of the connectivity, taken now and then. */
typedef struct {
    const bool *of; /* [n_projections]; NULL: nothing is measured */
    bool which[RW_MEASURE_KINDS];
    rw_mark which_mark;        /* file NULL: not given */
    uint64_t every_steps;      /* 0: at the start and the end */
    uint64_t lost_since_steps; /* a synapse that is lost later may return */
    const rw_group_spec *groups;
    size_t n_groups;
    const rw_graph_spec *graphs;
    size_t n_graphs;
} rw_measures_spec;

typedef struct {
    const bool *spikes;      /* [n_populations] */
    uint64_t snapshot_steps; /* 0: only at the start and the end */
    bool snapshots;          /* false: none at all */
    uint64_t series_steps;   /* 0: no series */
    const uint64_t
        *survival_steps; /* [n_survival] ages that bound the classes of the survival of synapses, ascending */
    size_t n_survival;   /* 0: it is not recorded */
    const rw_report_spec *reports;
    size_t n_reports;
    rw_measures_spec measures;
} rw_record_spec;

/* A file that a scenario reads besides itself. */
typedef struct {
    const char *path;   /* from the root; its folder without links */
    const char *sha256; /* of its bytes, hexadecimal */
    uint64_t bytes, inode, changed_ns;
} rw_input_file;

typedef struct {
    const rw_input_file *files; /* [n] in the order in which they were read */
    size_t n;
    const char *reader; /* the scenario that names them, whose right to read each is checked; NULL: of nobody */
} rw_input_files;

typedef struct rw_scenario {
    rw_arena *arena;  /* owns everything below */
    const char *path; /* file it came from */
    const char *title;
    const char *source_text;   /* the file as given */
    const char *resolved_text; /* YAML with every default filled in; reads back to the same scenario */
    uint64_t seed;
    double step_ms;
    uint64_t n_steps; /* of biological time */
    rw_clock_spec clock;
    int dimensions; /* 0 (no space), 2 or 3 */
    double size_um[3];
    bool periodic;
    double max_rate_hz; /* a population above it over 100 ms stops the run */
    rw_population_spec *populations;
    size_t n_populations;
    rw_projection_spec *projections;
    size_t n_projections;
    rw_input_spec *inputs;
    size_t n_inputs;
    rw_drug_spec *drugs;
    size_t n_drugs;
    rw_factor_spec *factors; /* of the section blockade */
    size_t n_factors;
    rw_signal_spec *signals;
    size_t n_signals;
    rw_growth_spec *growth;
    size_t n_growth;
    rw_structure_spec structure;
    const rw_lesion_spec *lesions;
    size_t n_lesions;
    rw_record_spec record;
    rw_outcomes_spec outcomes;
    rw_checkpoint_spec checkpoint;
    rw_input_files inputs_read;  /* spikes, circuits: what is in them belongs to the scenario */
    const char *const *warnings; /* what of the input is not used, told once; ends in NULL. NULL: nothing */
} rw_scenario;

/* One `--set key=value`. */
typedef struct {
    const char *key;    /* dotted path: populations.pyr.count, projections.0.weight */
    const char *value;  /* YAML */
    const char *origin; /* what messages call it by; NULL: --set */
} rw_override;

/* Frees a scenario; *scenario may be NULL and becomes NULL. */
void rw_scenario_destroy(rw_scenario **scenario);

/* The value of a schedule at a step. */
double rw_schedule_at(const rw_schedule *schedule, uint64_t step);

/* Whether these are places of a population, or of `projection` onto it (-1: none in particular). */
bool rw_places_have(const rw_places *places, uint32_t population, int64_t projection);

/* Where a drug acts on receptors of a model; NULL: nowhere. */
const rw_places *rw_drug_places(const rw_drug_spec *drug, const rw_model *receptor);

#endif
