/* A drug in a body: the person, the course of concentrations, and the constants with which it acts. A function of the
 * scenario and of time: nothing in here changes during a run. */
#ifndef RW_SIM_DRUG_EXPOSURE_H
#define RW_SIM_DRUG_EXPOSURE_H

#include "config/scenario.h"
#include "model/block.h"
#include "model/kinetics.h"
#include "net/partition.h"

typedef struct {
    const rw_drug_spec *spec;
    const rw_scenario *scenario;
    const double *x;               /* [model fields] parameters of this person */
    const rw_kinetics *kinetics;   /* NULL: the level is a table */
    double given_umol;             /* all doses */
    double weight[RW_SPECIES_MAX]; /* unbound drug at the receptor, in units of the one given, per total umol/l */
} rw_drug;

/* Draws the person and solves the kinetics of drug `index`; its memory is the scenario's. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_drug_create(rw_drug *drug, const rw_scenario *scenario, size_t index);

/* Biological time in steps as hours. */
double rw_drug_hours(const rw_scenario *scenario, uint64_t time);

/* The level at the receptor at biological time `time`, in steps: unbound, of the given drug and its metabolites by
 * their relative affinity, umol/l. `segment` keeps the last segment for the next call; zeroed at first. */
double rw_drug_level(const rw_drug *drug, uint64_t time, rw_segment *segment);

/* The same at hour t_h. */
double rw_drug_level_at(const rw_drug *drug, double t_h, rw_segment *segment);

/* Number of substances that have a concentration (0: the level is a table), and the compound of one. */
size_t rw_drug_species(const rw_drug *drug);

/* The compound that a species is. */
const rw_model *rw_drug_compound(const rw_drug *drug, size_t species);

/* The action's constants for a subunit, as a block of one instance. Errors: RW_ERR_SYSTEM, RW_ERR_INPUT. */
RW_MUST_CHECK rw_err rw_drug_action(rw_block *block, const rw_drug_spec *spec, rw_glun2 subunit, double step_ms);

/* The same as a block with an instance for each cell of a population. */
RW_MUST_CHECK rw_err rw_drug_action_on_cells(rw_block *block, const rw_drug_spec *spec, rw_glun2 subunit,
                                             const rw_scenario *scenario, const rw_partition *partition,
                                             uint32_t population);

/* Share of a subunit's receptors that is blocked at equilibrium at `conc_uM`, at V_m, where magnesium weighs
 * `magnesium` = Mg / K_Mg(V_m) in the pore. `action` is from rw_drug_action. */
double rw_drug_occupancy(const rw_drug_spec *spec, const rw_block *action, double conc_uM, double V_m,
                         double magnesium);

#endif
