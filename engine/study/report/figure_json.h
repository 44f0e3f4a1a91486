/* Figures for the script of the page. */
#ifndef RW_STUDY_REPORT_FIGURE_JSON_H
#define RW_STUDY_REPORT_FIGURE_JSON_H

#include "base/json.h"
#include "study/report/figure.h"

/* The figure for the page's script. */
void rw_figure_print_json(const rw_figure *figure, rw_json *json);

#endif
