/* The past courses of drugs. They follow from the scenario and are not stored; but a branch whose doses differ from
 * those already given would continue from another past, so samples of the courses are stored and compared. */
#ifndef RW_SIM_DRUG_STATE_H
#define RW_SIM_DRUG_STATE_H

#include "sim/run_state/archive.h"
#include "sim/simulation.h"

/* Saves the courses of drugs until the present step, or compares them. Errors: those of the archive; RW_ERR_INPUT
 * (another course). */
RW_MUST_CHECK rw_err rw_simulation_archive_courses(const rw_simulation *sim, const rw_archive *archive);

#endif
