/* How seekers choose: first a target cell, then a dendrite in it, then whether to take it. */
#include <math.h>

#include "sim/rewiring/partner.h"

/* Choices after which a seeker gives up for this update: only where no dendrite is within reach of the kernel. */
enum { MOST_TRIES = 4096 };

static const rw_proposal no_partner = {.projection = UINT32_MAX, .population = UINT32_MAX};

static bool takes_part(const rw_projection *projection, bool inhibitory) {
    return projection->spec->structural && projection->spec->inhibitory == inhibitory;
}

/* Shortest distance (um) between points of two cells that are `apart` cells apart along each side, as one number. */
static double cell_distance(const rw_grid *grid, uint32_t apart) {
    double square = 0.0;
    for (int d = grid->dimensions - 1; d >= 0; d--) {
        uint32_t k = apart % grid->n[d];
        apart /= grid->n[d];
        double gap = k > 1 ? (k - 1.0) * grid->side_um[d] : 0.0;
        square += gap * gap;
    }
    return sqrt(square);
}

/* Upper bounds of the kernels of all projections that take part, by how far cells are apart: bounds [n_projections x
 * n_cells]. */
static rw_err find_bounds(const rw_partner_search *search, double **bounds) {
    const rw_network *network = search->network;
    uint32_t n_cells = search->grid.n_cells;
    RW_TRY(RW_NEW(*bounds, network->n_projections * n_cells, "partner search"));
    for (size_t p = 0; p < network->n_projections; p++)
        for (uint32_t c = 0; takes_part(&network->projections[p], search->inhibitory) && c < n_cells; c++)
            (*bounds)[p * n_cells + c] =
                rw_kernel_value(&network->projections[p].spec->search, cell_distance(&search->grid, c));
    return RW_OK;
}

/* How far two cells are apart, as one number. */
static uint32_t cells_apart(const rw_grid *grid, const uint32_t *a, const uint32_t *b) {
    uint32_t number = 0;
    for (int d = 0; d < grid->dimensions; d++) {
        uint32_t apart = a[d] > b[d] ? a[d] - b[d] : b[d] - a[d];
        if (grid->periodic && grid->n[d] - apart < apart)
            apart = grid->n[d] - apart;
        number = number * grid->n[d] + apart;
    }
    return number;
}

/* What the seekers of one population and cell choose from: projection and target cell, with upper bounds. */
typedef struct {
    double *cumulative; /* [n] sum of kernel bound x vacancies up to and with entry k */
    double *bound;      /* [n] upper bound of the kernel */
    uint32_t *projection;
    uint32_t *cell;
    size_t n;
} choice_table;

static void fill_table(choice_table *table, const rw_partner_search *search, const double *bounds, uint32_t population,
                       uint32_t source_cell) {
    const rw_network *network = search->network;
    const rw_grid *grid = &search->grid;
    uint32_t at[3] = {0};
    double sum = 0.0;
    table->n = 0;
    for (int d = grid->dimensions - 1; d >= 0; d--) {
        at[d] = source_cell % grid->n[d];
        source_cell /= grid->n[d];
    }
    for (uint32_t p = 0; p < network->n_projections; p++) {
        const rw_projection *projection = &network->projections[p];
        if (projection->source != population || !takes_part(projection, search->inhibitory))
            continue;
        const rw_vacancies *vacancies = &search->vacancies[projection->target];
        for (uint32_t k = 0; k < vacancies->n_cells; k++) {
            const rw_vacant_cell *cell = &vacancies->cells[k];
            double bound = bounds[(size_t)p * grid->n_cells + cells_apart(grid, at, cell->at)];
            if (bound <= 0.0)
                continue;
            sum += bound * (double)cell->vacant;
            table->cumulative[table->n] = sum;
            table->bound[table->n] = bound;
            table->projection[table->n] = p;
            table->cell[table->n] = cell->cell;
            table->n++;
        }
    }
}

/* First entry whose cumulative sum exceeds x. */
static size_t find_entry(const choice_table *table, double x) {
    const double *cumulative = table->cumulative;
    size_t first = 0;
    for (size_t n = table->n, half; n > 1; n -= half) { /* without a branch that nobody could foretell */
        half = n / 2;
        first += cumulative[first + half - 1] <= x ? half : 0;
    }
    return first;
}

/* The dendrite of a cell that holds vacancy number `pick` (0 .. of the cell). */
static uint64_t find_dendrite(const rw_vacancies *vacancies, uint32_t cell, uint64_t pick) {
    const uint64_t *cumulative = vacancies->cumulative;
    uint64_t first = vacancies->cell_start[cell];
    pick += cumulative[first];
    for (uint64_t n = vacancies->cell_start[cell + 1] - first, half; n > 1; n -= half) {
        half = n / 2;
        first += cumulative[first + half] <= pick ? half : 0;
    }
    return vacancies->ids[first];
}

static bool is_autapse(const rw_projection *projection, const rw_seeker *seeker, uint64_t target) {
    return projection->source == projection->target && seeker->id == target;
}

/* The first choice from attempt `first` on that is accepted, whether connected already or not. */
static rw_proposal choose(const rw_partner_search *search, const choice_table *table, const rw_seeker *seeker,
                          uint32_t first) {
    const rw_network *network = search->network;
    uint64_t who =
        (network->populations[seeker->population].first_gid + seeker->id) | (uint64_t)(seeker->element & 0xFFFFu) << 32;
    double total = table->cumulative[table->n - 1];
    for (uint32_t attempt = first; attempt < MOST_TRIES; attempt++) {
        uint32_t object = (uint32_t)search->inhibitory | search->round << 1 | attempt << 8;
        rw_bits bits = rw_draw(rw_stream_of(network->scenario->seed, RW_PURPOSE_PARTNER, object), who, search->step);
        size_t entry = find_entry(table, rw_uniform32(bits.word[0]) * total);
        const rw_projection *projection = &network->projections[table->projection[entry]];
        const rw_vacancies *vacancies = &search->vacancies[projection->target];
        uint32_t cell = table->cell[entry];
        uint64_t in_cell =
            vacancies->cumulative[vacancies->cell_start[cell + 1]] - vacancies->cumulative[vacancies->cell_start[cell]];
        uint64_t target = find_dendrite(vacancies, cell, (uint64_t)bits.word[1] * in_cell >> 32);
        double distance = rw_network_distance(network, projection->source, seeker->id, projection->target, target);
        double kernel = rw_kernel_value(&projection->spec->search, distance);
        if (rw_uniform32(bits.word[2]) * table->bound[entry] < kernel &&
            (projection->spec->autapses || !is_autapse(projection, seeker, target)))
            return (rw_proposal){.projection = projection->index,
                                 .population = projection->target,
                                 .target = target,
                                 .key = bits.word[3],
                                 .attempt = attempt};
    }
    return no_partner;
}

static rw_err create_table(choice_table *table, size_t n) {
    RW_TRY(RW_NEW(table->cumulative, n, "partner search"));
    RW_TRY(RW_NEW(table->bound, n, "partner search"));
    RW_TRY(RW_NEW(table->projection, n, "partner search"));
    return RW_NEW(table->cell, n, "partner search");
}

static void destroy_table(choice_table *table) {
    rw_free(table->cumulative);
    rw_free(table->bound);
    rw_free(table->projection);
    rw_free(table->cell);
}

/* What the team works on. */
typedef struct {
    const rw_partner_search *search;
    const rw_seeker *seekers;
    size_t n;
    uint32_t *next; /* [n] attempt to go on with; SETTLED: has chosen, or found none */
    rw_proposal *proposals;
    choice_table *tables; /* [n_threads] */
    double *bounds;       /* see find_bounds */
} proposing;

#define SETTLED UINT32_MAX

/* How many seekers later it is looked up whether a choice is connected already: memory was asked for the place. */
enum { CHOICES_AHEAD = 8 };

/* A choice that only this rank can forbid: of a target elsewhere its own rank will be asked. */
static bool must_be_looked_up(const rw_network *network, const rw_proposal *proposal) {
    return proposal->population != UINT32_MAX && !network->projections[proposal->projection].spec->multapses &&
           rw_network_thread_of(network, proposal->population, proposal->target) >= 0;
}

static void make_choice(const proposing *work, const choice_table *table, size_t s, uint32_t first) {
    const rw_network *network = work->search->network;
    const rw_seeker *seeker = &work->seekers[s];
    work->proposals[s] = table->n > 0 ? choose(work->search, table, seeker, first) : no_partner;
    work->proposals[s].seeker = (uint32_t)s;
    const rw_proposal *proposal = &work->proposals[s];
    if (must_be_looked_up(network, proposal))
        rw_partner_prefetch(network, &network->projections[proposal->projection], seeker->id, proposal->target);
}

/* Lets a seeker choose again as long as its choice is connected already, as far as this rank knows. */
static void settle_choice(const proposing *work, const choice_table *table, size_t s) {
    const rw_network *network = work->search->network;
    const rw_proposal *proposal = &work->proposals[s];
    if (work->next[s] == SETTLED)
        return;
    while (must_be_looked_up(network, proposal) &&
           rw_partner_connected(network, &network->projections[proposal->projection], work->seekers[s].id,
                                proposal->target))
        make_choice(work, table, s, proposal->attempt + 1);
    work->next[s] = SETTLED;
}

/* Lets the seekers [begin, end) that are not settled choose; the table is made anew for each population and cell among
 * them. */
static void propose_range(const proposing *work, choice_table *table, size_t begin, size_t end) {
    const rw_seeker *last = NULL;
    size_t open = begin; /* the first that may not be settled */
    for (size_t s = begin; s < end; s++) {
        const rw_seeker *seeker = &work->seekers[s];
        if (work->next[s] == SETTLED)
            continue;
        bool elsewhere = last == NULL || seeker->population != last->population || seeker->cell != last->cell;
        while (open < s && (elsewhere || s - open > CHOICES_AHEAD))
            settle_choice(work, table, open++);
        if (elsewhere)
            fill_table(table, work->search, work->bounds, seeker->population, seeker->cell);
        last = seeker;
        make_choice(work, table, s, work->next[s]);
    }
    while (open < end)
        settle_choice(work, table, open++);
}

/* Below it, waking the other threads takes longer than the choices. */
enum { SEEKERS_WORTH_A_TEAM = 2048 };

static void propose_all(proposing *work) {
    int n_threads = work->search->network->n_threads;
    size_t n = work->n, threads = (size_t)n_threads;
#pragma omp parallel for num_threads(n_threads) schedule(static, 1) if (n >= SEEKERS_WORTH_A_TEAM)
    for (int t = 0; t < n_threads; t++)
        propose_range(work, &work->tables[t], n * (size_t)t / threads, n * ((size_t)t + 1) / threads);
}

static bool must_be_asked(const rw_network *network, const rw_proposal *proposal) {
    return proposal->population != UINT32_MAX && !network->projections[proposal->projection].spec->multapses &&
           rw_network_thread_of(network, proposal->population, proposal->target) < 0;
}

/* Whether there are questions at all: where multapses are allowed, there are none. */
static bool any_is_asked(const rw_partner_search *search) {
    const rw_network *network = search->network;
    for (size_t p = 0; p < network->n_projections; p++)
        if (takes_part(&network->projections[p], search->inhibitory) && !network->projections[p].spec->multapses)
            return true;
    return false;
}

static int rank_of(const rw_network *network, const rw_proposal *proposal) {
    uint64_t count = network->populations[proposal->population].count;
    return rw_network_owner(count, proposal->target, network->n_workers) / network->n_threads;
}

/* Asks the ranks of the targets chosen at the seekers `asked` whether they are connected: projection, source, target.
 */
static rw_err ask(const proposing *work, rw_mail *mail, const uint32_t *asked, size_t n_asked) {
    const rw_network *network = work->search->network;
    for (size_t k = 0; k < n_asked; k++) {
        const rw_proposal *proposal = &work->proposals[asked[k]];
        int rank = rank_of(network, proposal);
        RW_TRY(rw_comm_mail_reserve(mail, rank, 3));
        uint32_t *words = mail->out[rank] + mail->n_out[rank];
        words[0] = proposal->projection;
        words[1] = (uint32_t)work->seekers[asked[k]].id;
        words[2] = (uint32_t)proposal->target;
        mail->n_out[rank] += 3;
    }
    return RW_OK;
}

/* Answers each question with a word, in the order they came. */
static rw_err answer(const rw_network *network, rw_mail *mail) {
    for (int rank = 0; rank < rw_comm_size(network->comm); rank++) {
        size_t from = mail->in_from[rank], n = (mail->in_from[rank + 1] - from) / 3;
        RW_TRY(rw_comm_mail_reserve(mail, rank, n));
        for (size_t k = 0; k < n; k++) {
            const uint32_t *words = mail->in + from + 3 * k;
            mail->out[rank][mail->n_out[rank]++] =
                rw_partner_connected(network, &network->projections[words[0]], words[1], words[2]);
        }
    }
    return RW_OK;
}

/* Looks for choices that are connected already: their seekers go on. *n_open says how many these are on all ranks.
 * open [n_open]: the seekers that chose just now, then those that go on. */
static rw_err check_choices(proposing *work, rw_mail *mail, uint32_t *open, size_t *n_here, uint64_t *n_open) {
    const rw_network *network = work->search->network;
    uint32_t flags = 0;
    size_t n_asked = 0, n_left = 0;
    for (size_t k = 0; k < *n_here; k++)
        if (must_be_asked(network, &work->proposals[open[k]]))
            open[n_asked++] = open[k];
    RW_TRY(ask(work, mail, open, n_asked));
    RW_TRY(rw_comm_mail_exchange(network->comm, mail, &flags));
    RW_TRY(answer(network, mail));
    RW_TRY(rw_comm_mail_exchange(network->comm, mail, &flags));
    for (size_t k = 0; k < n_asked; k++) {
        const rw_proposal *proposal = &work->proposals[open[k]];
        bool connected = mail->in[mail->in_from[rank_of(network, proposal)]++] != 0; /* answers are read once */
        work->next[open[k]] = connected ? proposal->attempt + 1 : SETTLED;
        if (connected)
            open[n_left++] = open[k];
    }
    *n_here = *n_open = n_left;
    return rw_comm_reduce(network->comm, n_open, 1, RW_U64, RW_SUM);
}

/* Lets seekers choose until no choice of any rank is connected already. */
static rw_err settle(proposing *work) {
    const rw_comm *comm = work->search->network->comm;
    propose_all(work);
    if (rw_comm_size(comm) == 1 || !any_is_asked(work->search))
        return RW_OK;
    rw_mail mail = {0};
    uint32_t *open = NULL;
    size_t n_here = work->n;
    uint64_t n_open = 1;
    rw_err err = rw_comm_mail_create(&mail, comm);
    if (err == RW_OK)
        err = RW_NEW(open, work->n, "partner search");
    for (size_t s = 0; s < work->n && err == RW_OK; s++)
        open[s] = (uint32_t)s;
    err = rw_comm_agree(comm, err);
    while (err == RW_OK && n_open > 0) {
        err = check_choices(work, &mail, open, &n_here, &n_open);
        if (err == RW_OK && n_here > 0)
            propose_all(work);
    }
    rw_free(open);
    rw_comm_mail_destroy(&mail, comm);
    return err;
}

static rw_err create_tables(proposing *work) {
    const rw_network *network = work->search->network;
    RW_TRY(find_bounds(work->search, &work->bounds));
    RW_TRY(RW_NEW(work->next, work->n, "partner search"));
    RW_TRY(RW_NEW(work->tables, (size_t)network->n_threads, "partner search"));
    for (int t = 0; t < network->n_threads; t++)
        RW_TRY(create_table(&work->tables[t], network->n_projections * work->search->grid.n_cells));
    return RW_OK;
}

rw_err rw_partner_propose(const rw_partner_search *search, const rw_seeker *seekers, size_t n, rw_proposal *proposals) {
    proposing work = {.search = search, .seekers = seekers, .n = n, .proposals = proposals};
    rw_err err = rw_comm_agree(search->network->comm, create_tables(&work));
    if (err == RW_OK)
        err = settle(&work);
    for (int t = 0; work.tables != NULL && t < search->network->n_threads; t++)
        destroy_table(&work.tables[t]);
    rw_free(work.tables);
    rw_free(work.bounds);
    rw_free(work.next);
    return err;
}
