/* What drugs do: their courses, the receptors that they block, and how the network answers at once. */
#ifndef RW_STUDY_REPORT_REPORT_DRUGS_H
#define RW_STUDY_REPORT_REPORT_DRUGS_H

#include "study/report/run_page.h"

/* Adds the courses of drugs, and the shares of receptors that they block. Errors: as above. */
RW_MUST_CHECK rw_err rw_report_drugs(const rw_run_page *page);

/* Adds what a drug or a blockade does to the network at once: rhythms, glutamate, excitation over inhibition, charge
 * through NMDA receptors. Errors: as above. */
RW_MUST_CHECK rw_err rw_report_acute(const rw_run_page *page);

#endif
