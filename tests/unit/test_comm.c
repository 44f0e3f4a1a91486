/* Communication between ranks. Runs alone, and in a build with MPI on three ranks too: every check holds for any
 * number.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "comm/comm.h"
#include "comm/mail.h"

static rw_comm *comm;
static int rank, size;

static void reductions_see_every_rank(void **state) {
    (void)state;
    uint32_t sum[2] = {(uint32_t)rank, 1};
    uint64_t least = 100 - (uint64_t)rank, most = (uint64_t)rank, bits = (uint64_t)1 << rank;
    double real = 0.5;
    assert_int_equal(rw_comm_reduce(comm, sum, 2, RW_U32, RW_SUM), RW_OK);
    assert_int_equal(rw_comm_reduce(comm, &least, 1, RW_U64, RW_MIN), RW_OK);
    assert_int_equal(rw_comm_reduce(comm, &most, 1, RW_U64, RW_MAX), RW_OK);
    assert_int_equal(rw_comm_reduce(comm, &bits, 1, RW_U64, RW_OR), RW_OK);
    assert_int_equal(rw_comm_reduce(comm, &real, 1, RW_F64, RW_SUM), RW_OK);
    assert_int_equal(sum[0], size * (size - 1) / 2);
    assert_int_equal(sum[1], size);
    assert_int_equal(least, 100 - (size - 1));
    assert_int_equal(most, size - 1);
    assert_int_equal(bits, ((uint64_t)1 << size) - 1);
    assert_true(real == 0.5 * size);
}

static void sums_before_leave_out_the_rank_itself(void **state) {
    (void)state;
    uint32_t values[2] = {10, (uint32_t)rank + 1};
    assert_int_equal(rw_comm_sum_before(comm, values, 2), RW_OK);
    assert_int_equal(values[0], 10 * rank);
    assert_int_equal(values[1], rank * (rank + 1) / 2);
}

static void the_first_rank_broadcasts(void **state) {
    (void)state;
    char text[8] = "";
    if (rank == 0)
        strcpy(text, "hello");
    assert_int_equal(rw_comm_broadcast(comm, text, sizeof text), RW_OK);
    assert_string_equal(text, "hello");
}

/* Rank r has r items: r, r, ... */
static void lists_join_in_the_order_of_ranks(void **state) {
    (void)state;
    uint64_t mine[8], *all = NULL, *collected = NULL;
    size_t n = 0, n_collected = 0;
    for (int i = 0; i < rank; i++)
        mine[i] = (uint64_t)rank;
    assert_int_equal(rw_comm_share(comm, mine, (size_t)rank, sizeof mine[0], &all, &n), RW_OK);
    assert_int_equal(n, size * (size - 1) / 2);
    size_t at = 0;
    for (int r = 0; r < size; r++)
        for (int i = 0; i < r; i++)
            assert_int_equal(all[at++], r);
    assert_int_equal(rw_comm_collect(comm, mine, (size_t)rank, sizeof mine[0], &collected, &n_collected), RW_OK);
    assert_int_equal(n_collected, rank == 0 ? n : 0);
    if (rank == 0 && n > 0)
        assert_memory_equal(all, collected, n * sizeof all[0]);
    rw_free(all);
    rw_free(collected);
}

static void an_array_is_completed_on_the_first_rank(void **state) {
    (void)state;
    double values[16] = {0};
    uint64_t first[9] = {1}; /* numbers before this belong to no rank */
    for (int r = 0; r < size; r++)
        first[r + 1] = first[r] + (uint64_t)r + 1;
    for (uint64_t i = first[rank]; i < first[rank + 1]; i++)
        values[i] = (double)i;
    assert_int_equal(rw_comm_complete(comm, values, first, sizeof values[0]), RW_OK);
    assert_true(values[0] == 0.0);
    for (uint64_t i = 1; rank == 0 && i < first[size]; i++)
        assert_true(values[i] == (double)i);
}

static void a_list_goes_to_the_first_rank(void **state) {
    (void)state;
    for (int from = 0; from < size; from++) {
        uint32_t mine[4] = {(uint32_t)rank, 7, 8, 9}, *got = NULL;
        size_t n = 0;
        assert_int_equal(rw_comm_to_first(comm, from, mine, 4, sizeof mine[0], &got, &n), RW_OK);
        assert_int_equal(n, rank == 0 ? 4 : 0);
        if (rank == 0)
            assert_int_equal(got[0] * 1000 + got[3], from * 1000 + 9);
        rw_free(got);
    }
}

/* Rank r sends to each rank t the words r, t, r, t, ... (r + 1 times), two rounds in turn. */
static void mail_reaches_whom_it_is_for(void **state) {
    (void)state;
    rw_mail mail;
    assert_int_equal(rw_mail_create(&mail, comm), RW_OK);
    for (int round = 0; round < 2; round++) {
        for (int to = 0; to < size; to++) {
            assert_int_equal(rw_mail_reserve(&mail, to, 2 * (size_t)(rank + 1)), RW_OK);
            for (int i = 0; i <= rank; i++) {
                mail.out[to][mail.n_out[to]++] = (uint32_t)rank;
                mail.out[to][mail.n_out[to]++] = (uint32_t)to;
            }
        }
        uint32_t flags = size > 1 && rank == 1 ? 4 : 0;
        assert_int_equal(rw_mail_exchange(comm, &mail, &flags), RW_OK);
        assert_int_equal(flags, size > 1 ? 4 : 0);
        for (int from = 0; from < size; from++) {
            assert_int_equal(mail.in_from[from + 1] - mail.in_from[from], 2 * (from + 1));
            assert_int_equal(mail.in[mail.in_from[from]], from);
            assert_int_equal(mail.in[mail.in_from[from + 1] - 1], rank);
        }
    }
    rw_mail_destroy(&mail, comm);
}

/* Rank r sends to rank t r x 1000 + t x 300 words: some fit in a letter, some do not. */
static void long_mail_comes_whole_and_in_order(void **state) {
    (void)state;
    rw_mail mail;
    assert_int_equal(rw_mail_create(&mail, comm), RW_OK);
    for (uint32_t round = 0; round < 3; round++) {
        for (int to = 0; to < size; to++) {
            size_t n = (size_t)(rank * 1000 + to * 300);
            assert_int_equal(rw_mail_reserve(&mail, to, n), RW_OK);
            for (size_t i = 0; i < n; i++)
                mail.out[to][mail.n_out[to]++] = (uint32_t)(i + 7 * (size_t)rank) + round;
        }
        uint32_t flags = 0;
        assert_int_equal(rw_mail_exchange(comm, &mail, &flags), RW_OK);
        assert_int_equal(flags, 0);
        for (int from = 0; from < size; from++) {
            size_t first = mail.in_from[from], n = mail.in_from[from + 1] - first;
            assert_int_equal(n, from * 1000 + rank * 300);
            for (size_t i = 0; i < n; i++)
                assert_int_equal(mail.in[first + i], i + 7 * (size_t)from + round);
            assert_int_equal(mail.n_out[from], 0);
        }
    }
    rw_mail_destroy(&mail, comm);
}

static void an_error_becomes_everybodys(void **state) {
    (void)state;
    assert_int_equal(rw_comm_agree(comm, RW_OK), RW_OK);
    int last = size - 1;
    rw_err err = rank == last ? rw_fail(RW_ERR_DIVERGED, "rank %d diverged", rank) : RW_OK;
    assert_int_equal(rw_comm_agree(comm, err), RW_ERR_DIVERGED);
    char expected[32];
    (void)snprintf(expected, sizeof expected, "rank %d diverged", last);
    assert_string_equal(rw_error_message(), expected);
    assert_int_equal(rw_comm_speaks(comm, RW_ERR_DIVERGED), rank == 0);
}

static void a_pretended_rank_hears_itself_only(void **state) {
    (void)state;
    rw_comm *one = NULL;
    uint32_t value = 5;
    uint64_t mine = 9, *all = NULL;
    size_t n = 0;
    assert_int_equal(rw_comm_pretend(&one, 3, 1000), RW_OK);
    assert_int_equal(rw_comm_rank(one) * 10000 + rw_comm_size(one), 31000);
    assert_int_equal(rw_comm_reduce(one, &value, 1, RW_U32, RW_SUM), RW_OK);
    assert_int_equal(value, 5);
    assert_int_equal(rw_comm_share(one, &mine, 1, sizeof mine, &all, &n), RW_OK);
    assert_int_equal(n * 10 + all[0], 19);
    rw_free(all);
    rw_comm_destroy(&one, RW_OK);
    assert_null(one);
}

int main(int argc, char **argv) {
    if (rw_comm_create(&comm, &argc, &argv) != RW_OK)
        return 1;
    rank = rw_comm_rank(comm);
    size = rw_comm_size(comm);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reductions_see_every_rank),
        cmocka_unit_test(sums_before_leave_out_the_rank_itself),
        cmocka_unit_test(the_first_rank_broadcasts),
        cmocka_unit_test(lists_join_in_the_order_of_ranks),
        cmocka_unit_test(an_array_is_completed_on_the_first_rank),
        cmocka_unit_test(a_list_goes_to_the_first_rank),
        cmocka_unit_test(mail_reaches_whom_it_is_for),
        cmocka_unit_test(long_mail_comes_whole_and_in_order),
        cmocka_unit_test(an_error_becomes_everybodys),
        cmocka_unit_test(a_pretended_rank_hears_itself_only),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    rw_comm_destroy(&comm, RW_OK);
    return failed;
}
