#include "sim/clock_choice.h"

#include "config/sections/clock_section.h"

uint64_t rw_clock_steps(const rw_clock_stretch *stretch, double factor) {
    return rw_clock_round(stretch->length, stretch->unit, factor);
}

uint64_t rw_clock_choose(const rw_clock_spec *spec, const rw_clock_stretch *stretch,
                         const rw_clock_evidence *evidence) {
    if (stretch->real_time)
        return rw_clock_steps(stretch, 1.0);
    if (spec->tolerance > 0.0 && evidence != NULL)
        return rw_clock_steps(stretch, rw_clock_control(evidence, spec));
    return rw_clock_steps(stretch, spec->factor);
}
