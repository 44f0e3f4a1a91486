/* The catalogue of series.h5: every series that a run can write, once.
 *
 * Code that writes, measures, compares, draws or documents a series takes its group, name, unit and title from here.
 * To add a series, add an entry; docs and `rewire models series` then show it. To rename one, change its name here. */
#ifndef RW_CONFIG_SERIES_CATALOGUE_H
#define RW_CONFIG_SERIES_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/path.h"

/* X(what it is of, the group of that in series.h5, what stands for its name in the catalogue, how titles join it) */
#define RW_SERIES_GROUPS(X)                                                                                            \
    X(RUN, "", "", "")                                                                                                 \
    X(CLOCK, "clock", "", "")                                                                                          \
    X(POPULATION, "populations", "{population}", " of ")                                                               \
    X(PROJECTION, "projections", "{projection}", " of ")                                                               \
    X(BLOCKADE, "blockade", "{number}", " ")                                                                           \
    X(DRUG, "drugs", "{drug}", ": ")                                                                                   \
    X(SIGNAL, "signals", "{signal}", " under ")                                                                        \
    X(SESSION, "sessions", "{session}", " in ")                                                                        \
    X(NETWORK, "network", "", "")                                                                                      \
    X(CONNECTIVITY_RUN, "measures", "", "")                                                                            \
    X(CONNECTIVITY, "measures", "{projection}", " of ")

/* X(id, what it is of, what time a sample stands for, name of the dataset, unit, what an axis says, title, description)
 *
 * A name in braces stands for one that the scenario gives. Unit "": that of the weights or of the model's variable.
 * Titles without an object, as in "Firing rate of pyr", are the beginning of a sentence. */
#define RW_SERIES(X)                                                                                                   \
    X(TIME, RUN, INSTANT, "time", "ms", "time", "Time", "biological time of the samples")                              \
                                                                                                                       \
    X(NETWORK_TIME, CLOCK, INSTANT, "network_time", "ms", "time of the network", "Time of the network",                \
      "time of the network at the sample, that of spikes.h5 and reports")                                              \
    X(CLOCK_FACTOR, CLOCK, INSTANT, "factor", "1", "factor", "Factor of the clock",                                    \
      "seconds of biology for which a second of the network stands, in the interval of the clock that ends at the "    \
      "sample or contains it")                                                                                         \
    X(CLOCK_ERROR, CLOCK, INSTANT, "error/{quantity}_{source}", "1", "relative error", "Estimated error of the clock", \
      "estimated error of rates, signals (their factor on formation) or synapses (their number), relative to the "     \
      "quantity, by source (docs/clock.md): lag, sampling (a standard deviation), steps, and total = lag + steps + 3 " \
      "sampling")                                                                                                      \
                                                                                                                       \
    X(RATE, POPULATION, INTERVAL, "rate", "Hz", "rate", "Firing rate",                                                 \
      "mean rate per cell since the last sample; NaN at the first")                                                    \
    X(CALCIUM, POPULATION, INSTANT, "calcium", "1", "calcium", "Calcium", "calcium, mean of the cells")                \
    X(AXON, POPULATION, INSTANT, "axon", "1", "elements per cell", "Axonal elements per cell",                         \
      "synaptic elements grown, mean per cell")                                                                        \
    X(DENDRITE_EXC, POPULATION, INSTANT, "dendrite_exc", "1", "elements per cell",                                     \
      "Excitatory dendritic elements per cell", "synaptic elements grown, mean per cell")                              \
    X(DENDRITE_INH, POPULATION, INSTANT, "dendrite_inh", "1", "elements per cell",                                     \
      "Inhibitory dendritic elements per cell", "synaptic elements grown, mean per cell")                              \
    X(AXON_VACANT, POPULATION, INSTANT, "axon_vacant", "1", "vacant elements per cell",                                \
      "Vacant axonal elements per cell", "whole synaptic elements without a synapse, mean per cell")                   \
    X(DENDRITE_EXC_VACANT, POPULATION, INSTANT, "dendrite_exc_vacant", "1", "vacant elements per cell",                \
      "Vacant excitatory dendritic elements per cell", "whole synaptic elements without a synapse, mean per cell")     \
    X(DENDRITE_INH_VACANT, POPULATION, INSTANT, "dendrite_inh_vacant", "1", "vacant elements per cell",                \
      "Vacant inhibitory dendritic elements per cell", "whole synaptic elements without a synapse, mean per cell")     \
    X(OCCUPANCY, POPULATION, INSTANT, "occupancy/{drug}_{receptor}_{subunit}", "1", "share blocked",                   \
      "Receptors blocked", "share of these receptors that the drug blocks, mean of the cells")                         \
    X(CURRENT, POPULATION, INSTANT, "current/{receptor}", "pA", "current", "Current through receptors",                \
      "current through these receptors at the sample, mean of the cells, positive inward")                             \
    X(CHARGE, POPULATION, INTERVAL, "charge/{receptor}", "pC", "charge per sample", "Charge through receptors",        \
      "charge through these receptors in all steps since the last sample, mean of the cells, positive inward; NaN at " \
      "the first")                                                                                                     \
    X(EI_RATIO, POPULATION, INSTANT, "ei_ratio", "1", "excitatory / inhibitory current", "Excitation over inhibition", \
      "excitatory over inhibitory current at the sample, both as absolute means")                                      \
                                                                                                                       \
    X(SYNAPSES, PROJECTION, INSTANT, "synapses", "1", "synapses", "Synapses", "live synapses")                         \
    X(CREATED, PROJECTION, INTERVAL, "created", "1", "synapses", "Synapses formed",                                    \
      "synapses created since the last sample")                                                                        \
    X(DELETED, PROJECTION, INTERVAL, "deleted", "1", "synapses", "Synapses vanished",                                  \
      "synapses deleted since the last sample")                                                                        \
    X(TURNOVER, PROJECTION, INTERVAL, "turnover", "1", "turnover", "Turnover of synapses",                             \
      "(created + deleted) / (2 x mean synapses) since the last sample; NaN at the first")                             \
    X(MEAN_WEIGHT, PROJECTION, INSTANT, "mean_weight", "", "weight", "Weight of synapses",                             \
      "weight, mean of the live synapses")                                                                             \
    X(SURVIVAL_AGE, PROJECTION, INSTANT, "survival/age", "ms", "age", "Ages of survival",                              \
      "ages that survival/fraction is of")                                                                             \
    X(SURVIVAL_CLASS, PROJECTION, INSTANT, "survival/class", "ms", "age", "Age classes",                               \
      "lowest age of each class of survival/alive, lived and vanished")                                                \
    X(SURVIVAL_FIRST, PROJECTION, INSTANT, "survival/first", "1", "fraction alive", "First synapses alive",            \
      "fraction of the synapses of the first sample that are still there")                                             \
    X(SURVIVAL_ALIVE, PROJECTION, INSTANT, "survival/alive", "1", "synapses", "New synapses alive",                    \
      "synapses formed in the run, by age class")                                                                      \
    X(SURVIVAL_LIVED, PROJECTION, INTERVAL, "survival/lived", "s", "time", "Time lived by synapses",                   \
      "time that synapses spent in each age class since the last sample, added up")                                    \
    X(SURVIVAL_VANISHED, PROJECTION, INTERVAL, "survival/vanished", "1", "synapses", "Synapses vanished by age",       \
      "synapses that vanished from each age class since the last sample")                                              \
    X(SURVIVAL_FRACTION, PROJECTION, INSTANT, "survival/fraction", "1", "fraction alive", "Survival of synapses",      \
      "estimated fraction of the synapses formed that reach each age, from all of the run so far; NaN where no "       \
      "synapse was that old")                                                                                          \
                                                                                                                       \
    X(FACTOR, BLOCKADE, INSTANT, "factor", "1", "factor", "Factor on conductances",                                    \
      "what is left of the conductance; 1: no block")                                                                  \
                                                                                                                       \
    X(AT_RECEPTOR, DRUG, INSTANT, "at_receptor", "umol/l", "concentration", "Drug at the receptor",                    \
      "unbound at the receptor, of the drug and its metabolites by their relative affinity")                           \
    X(PLASMA, DRUG, INSTANT, "{compound}/plasma", "umol/l", "concentration", "Drug in plasma",                         \
      "total concentration in plasma")                                                                                 \
    X(EFFECT_SITE, DRUG, INSTANT, "{compound}/effect_site", "umol/l", "concentration", "Drug at the effect site",      \
      "total concentration in plasma, delayed to the effect site")                                                     \
                                                                                                                       \
    X(SIGNAL_DRIVE_STATE, SIGNAL, INSTANT, "{variable of the drive}", "", "drive", "Variable of the drive",            \
      "a variable of the drive's model")                                                                               \
    X(SIGNAL_DRIVE, SIGNAL, INSTANT, "u", "1", "drive", "Drive of growth", "drive, over the last structural update")   \
    X(SIGNAL_STATE, SIGNAL, INSTANT, "{variable of the model}", "", "signal", "Variable of the signal",                \
      "a variable of the signal's model")                                                                              \
    X(SIGNAL_ACTING, SIGNAL, INSTANT, "acting", "1", "signal", "Signal that acts",                                     \
      "the slow signal a lag ago, which acts now")                                                                     \
    X(SIGNAL_FORMATION, SIGNAL, INSTANT, "formation", "1", "factor", "Formation of elements",                          \
      "factor on the formation of elements; 1: as without a signal")                                                   \
                                                                                                                       \
    X(PRESENTATIONS, SESSION, INTERVAL, "presentations", "1", "presentations", "Presentations",                        \
      "presentations of the pattern that ended since the last sample")                                                 \
    X(CUED, SESSION, INTERVAL, "cued", "1", "share that fired", "Stimulated cells that fired",                         \
      "share of the stimulated cells that fired in a presentation, mean of those that ended since the last sample; "   \
      "NaN if none did")                                                                                               \
    X(RECALL, SESSION, INTERVAL, "recall", "1", "share that fired", "Recall",                                          \
      "the same of the pattern's cells that were not stimulated; NaN if all were")                                     \
    X(OUTSIDE, SESSION, INTERVAL, "outside", "1", "share that fired", "Cells outside of the pattern that fired",       \
      "the same of the population's cells outside of the pattern: recall by chance")                                   \
    X(COMPLETION, SESSION, INTERVAL, "completion", "1", "recall - outside", "Completion of the pattern",               \
      "recall less what it would be by chance: recall - outside")                                                      \
                                                                                                                       \
    X(RATE_EXCITATORY, NETWORK, INTERVAL, "rate_excitatory", "Hz", "rate", "Firing rate of excitatory cells",          \
      "mean rate of excitatory cells since the last sample")                                                           \
    X(RATE_INHIBITORY, NETWORK, INTERVAL, "rate_inhibitory", "Hz", "rate", "Firing rate of inhibitory cells",          \
      "mean rate of inhibitory cells since the last sample")                                                           \
    X(GLUTAMATE, NETWORK, INSTANT, "glutamate", "1", "spikes per cell", "Glutamate outside the cells, a proxy",        \
      "proxy: spikes per excitatory cell, less a first-order uptake with 100 ms (chosen)")                             \
    X(ALPHA, NETWORK, WELCH, "alpha", "Hz^2", "power", "Alpha power",                                                  \
      "power of the excitatory rate, 8-12 Hz, Welch over the last 1024 ms; NaN before")                                \
    X(GAMMA, NETWORK, WELCH, "gamma", "Hz^2", "power", "Gamma power",                                                  \
      "power of the excitatory rate, 30-80 Hz, Welch over the last 1024 ms; NaN before")                               \
    X(ALPHA_RELATIVE, NETWORK, WELCH, "alpha_relative", "1", "power over baseline", "Alpha over baseline",             \
      "alpha over its mean before the first dose or blockade")                                                         \
    X(GAMMA_RELATIVE, NETWORK, WELCH, "gamma_relative", "1", "power over baseline", "Gamma over baseline",             \
      "gamma over its mean before the first dose or blockade")                                                         \
                                                                                                                       \
    X(CONNECTIVITY_TIME, CONNECTIVITY_RUN, INSTANT, "time", "ms", "time", "Time of the measures",                      \
      "time of the measures")                                                                                          \
    X(GAINED, CONNECTIVITY, INTERVAL, "gained", "1", "synapses", "Synapses gained",                                    \
      "synapses that were not there at the last sample; NaN at the first")                                             \
    X(LOST, CONNECTIVITY, INTERVAL, "lost", "1", "synapses", "Synapses lost",                                          \
      "synapses of the last sample that are gone; NaN at the first")                                                   \
    X(SAMPLE_TURNOVER, CONNECTIVITY, INTERVAL, "turnover", "1", "turnover", "Turnover between samples",                \
      "(gained + lost) / (2 x mean synapses) between samples; NaN at the first")                                       \
    X(LOST_SINCE, CONNECTIVITY, INSTANT, "lost_since", "1", "synapses", "Synapses lost since the reference",           \
      "synapses of the reference (lost_since) that are gone")                                                          \
    X(RETURNED, CONNECTIVITY, INSTANT, "returned", "1", "share returned", "Synapses that came back",                   \
      "share of these at whose pair of cells a synapse formed since is there")                                         \
    X(RETURNED_BY_CHANCE, CONNECTIVITY, INSTANT, "returned_by_chance", "1", "share returned",                          \
      "Synapses that came back by chance", "the same if the synapses formed since were at any pairs")                  \
    X(IN_DEGREE_MEAN, CONNECTIVITY, INSTANT, "in_degree_mean", "1", "synapses per cell", "Synapses onto a cell",       \
      "synapses onto a cell, mean")                                                                                    \
    X(IN_DEGREE_SD, CONNECTIVITY, INSTANT, "in_degree_sd", "1", "synapses per cell", "Spread of synapses onto a cell", \
      "synapses onto a cell, standard deviation between cells")                                                        \
    X(OUT_DEGREE_MEAN, CONNECTIVITY, INSTANT, "out_degree_mean", "1", "synapses per cell", "Synapses from a cell",     \
      "synapses from a cell, mean")                                                                                    \
    X(OUT_DEGREE_SD, CONNECTIVITY, INSTANT, "out_degree_sd", "1", "synapses per cell",                                 \
      "Spread of synapses from a cell", "synapses from a cell, standard deviation between cells")                      \
    X(DISTANCE_MEAN, CONNECTIVITY, INSTANT, "distance_mean", "um", "distance", "Length of connections",                \
      "distance of the cells of a synapse, mean")                                                                      \
    X(DISTANCE_SD, CONNECTIVITY, INSTANT, "distance_sd", "um", "distance", "Spread of the length of connections",      \
      "distance of the cells of a synapse, standard deviation")                                                        \
    X(DISTANCE, CONNECTIVITY, INSTANT, "distance", "um", "distance", "Bins of distance",                               \
      "least distance of each bin of distances")                                                                       \
    X(DISTANCES, CONNECTIVITY, INSTANT, "distances", "1", "synapses", "Synapses by distance",                          \
      "synapses in equal bins of the distance of their cells, from 0; bin_width is in um")                             \
    X(GROUP_DENSITY, CONNECTIVITY, INSTANT, "groups/{group}/{group}/density", "1", "synapses per pair",                \
      "Synapses within and between groups", "synapses per pair of cells, from the first group to the second")          \
    X(GROUP_WEIGHT, CONNECTIVITY, INSTANT, "groups/{group}/{group}/weight", "", "weight per pair",                     \
      "Weight within and between groups", "summed weight per pair of cells, from the first group to the second")       \
    X(COHESION, CONNECTIVITY, INSTANT, "assemblies/{group}/cohesion", "1", "within / outside",                         \
      "Cohesion of assemblies",                                                                                        \
      "assembly: synapses per pair of its cells / synapses per pair of which one cell is in it")                       \
    X(STRENGTH, CONNECTIVITY, INSTANT, "assemblies/{group}/strength", "1", "within / outside",                         \
      "Strength of assemblies", "assembly: weight per pair of its cells / weight per pair of which one cell is in it") \
    X(RECIPROCITY, CONNECTIVITY, INSTANT, "reciprocity", "1", "share", "Reciprocity",                                  \
      "share of the connections whose reverse is there, too")                                                          \
    X(CLUSTERING, CONNECTIVITY, INSTANT, "clustering", "1", "share", "Clustering",                                     \
      "share of the pairs of a cell's neighbours that are neighbours, mean of the cells")                              \
    X(MODULARITY, CONNECTIVITY, INSTANT, "modularity", "1", "modularity", "Modularity",                                \
      "modularity of the communities that the method of Louvain finds")                                                \
    X(COMMUNITIES, CONNECTIVITY, INSTANT, "communities", "1", "communities", "Communities",                            \
      "number of these communities")                                                                                   \
    X(PATH_LENGTH, CONNECTIVITY, INSTANT, "path_length", "1", "connections", "Shortest way between cells",             \
      "connections on the shortest way between cells, mean of the pairs that are joined")                              \
    X(JOINED, CONNECTIVITY, INSTANT, "joined", "1", "share", "Pairs of cells that are joined",                         \
      "share of the pairs of cells that are joined by a way")                                                          \
    X(CLUSTERING_RANDOM, CONNECTIVITY, INSTANT, "clustering_random", "1", "share", "Clustering of a random graph",     \
      "clustering of a random graph with as many cells and connections")                                               \
    X(PATH_LENGTH_RANDOM, CONNECTIVITY, INSTANT, "path_length_random", "1", "connections",                             \
      "Shortest way in a random graph", "path length of that random graph")                                            \
    X(SMALL_WORLD, CONNECTIVITY, INSTANT, "small_world", "1", "small-world index", "Small-world index",                \
      "(clustering / clustering_random) / (path_length / path_length_random)")

typedef enum {
#define RW_SERIES_GROUP_ENUM(id, ...) RW_SERIES_OF_##id,
    RW_SERIES_GROUPS(RW_SERIES_GROUP_ENUM)
#undef RW_SERIES_GROUP_ENUM
        RW_SERIES_GROUP_COUNT
} rw_series_group;

typedef enum {
#define RW_SERIES_ENUM(id, ...) RW_SERIES_##id,
    RW_SERIES(RW_SERIES_ENUM)
#undef RW_SERIES_ENUM
        RW_SERIES_COUNT
} rw_series;

/* Names of the time before a sample that it stands for, in RW_SERIES: none, all since the last sample, or the segment
 * of Welch's method. */
#define RW_SERIES_SPAN_INSTANT 0.0
#define RW_SERIES_SPAN_INTERVAL (-1.0)
#define RW_SERIES_SPAN_WELCH 1024.0

/* An entry of the catalogue. */
typedef struct {
    rw_series_group group;
    double span_ms;          /* the time before a sample that it stands for; RW_SERIES_SPAN_INTERVAL: since the last */
    const char *name;        /* of the dataset in the object's group */
    const char *unit;        /* "": that of the weights or of the model's variable */
    const char *quantity;    /* what an axis says */
    const char *title;       /* "Firing rate" */
    const char *description; /* the dataset's attribute */
} rw_series_entry;

/* The entry of a series. */
const rw_series_entry *rw_series_get(rw_series series);

/* The name of a group in series.h5: "populations". */
const char *rw_series_group_name(rw_series_group group);

/* What stands in titles between what is measured and its object: " of "; "" if the group has no objects. */
const char *rw_series_joint(rw_series_group group);

/* What stands for the object's name in the catalogue: "{population}"; "" if the group has no objects. */
const char *rw_series_object_name(rw_series_group group);

/* The path of an object's group in series.h5: "/populations/pyr"; "" is for groups without objects. */
rw_path rw_series_group_path(rw_series_group group, const char *object);

/* The path of the group that holds a series, or the names in its braces: "/populations/pyr/current". */
rw_path rw_series_folder(rw_series series, const char *object);

/* The path of a series of an object; "" is for groups without objects. */
rw_path rw_series_path(rw_series series, const char *object);

/* The same for a name with braces, which are replaced by these parts in order. */
rw_path rw_series_path_with(rw_series series, const char *object, const char *const *parts, size_t n_parts);

/* The name inside the object's group, with its braces replaced in order. */
rw_path rw_series_name_with(rw_series series, const char *const *parts, size_t n_parts);

/* "Firing rate of pyr". */
rw_path rw_series_title(rw_series series, const char *object);

/* The entry whose name, with anything in its braces, is that of a dataset of the group; NULL if there is none. */
const rw_series_entry *rw_series_match(rw_series_group group, const char *dataset);

/* Finds the series that has that name, without braces, in its group; false if there is none. */
bool rw_series_find(rw_series_group group, const char *name, rw_series *series);

#endif
