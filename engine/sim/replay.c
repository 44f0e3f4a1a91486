#include "sim/replay.h"

uint64_t rw_replay_first(const rw_spike_table *table, uint64_t step) {
    uint64_t low = 0, high = table->count;
    while (low < high) {
        uint64_t middle = (low + high) / 2;
        if (table->step[middle] <= step)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint64_t rw_replay_most_spikes(const rw_population_spec *population, rw_slice slice) {
    const rw_spike_table *table = &population->spikes;
    uint64_t most = slice.end - slice.begin, in_step = 0;
    for (uint64_t s = 0; population->model == NULL && s < table->count; s++) {
        if (s > 0 && table->step[s] != table->step[s - 1])
            in_step = 0;
        in_step += table->id[s] >= slice.begin && table->id[s] < slice.end;
        most = in_step > most ? in_step : most;
    }
    return most;
}
