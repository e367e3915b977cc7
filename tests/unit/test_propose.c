/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Proposed pins on machines of several kinds, as "cpu of vCPU 0, of vCPU 1 …". */
#include "analyze/propose.h"
#include "tests/lib/machine.h"

static const char *pins_of(struct host *h, const struct proposal *p)
{
	const char *text = "";

	for (size_t i = 0; i < p->n; i++)
		text = arena_printf(&h->arena, "%s%s%u", text, i ? " " : "", p->cpu[i]);
	return text;
}

/* Two nodes of eight cores, no siblings: 0-7 and 8-15. */
static void machine_2nodes(struct host *h)
{
	for (unsigned c = 0; c < 16; c++) {
		struct core_fact *core = add_core(h, arena_printf(&h->arena, "%u", c), c / 8);

		fact_set_u64(&core->node, c / 8);
		fact_set_u64(&core->package, c / 8);
	}
	add_l3(h, "0-7", 16384);
	add_l3(h, "8-15", 16384);
}

static void machine_1cpu(struct host *h)
{
	add_core(h, "0", 0);
}

/* Four threads per core, as IBM POWER: 0-3, 4-7, 8-11, 12-15. */
static void machine_4threads(struct host *h)
{
	for (unsigned c = 0; c < 16; c += 4)
		add_core(h, arena_printf(&h->arena, "%u-%u", c, c + 3), 0);
}

/* One of the siblings is offline. */
static void machine_uneven(struct host *h)
{
	add_core(h, "0,4", 0);
	add_core(h, "1", 0);
	add_core(h, "2,6", 0);
	add_core(h, "3,7", 0);
}

/* Two cores of two threads, four of one, and the kernel does not tell the kinds. */
static void machine_untold(struct host *h)
{
	add_core(h, "0-1", 0);
	add_core(h, "2-3", 0);
	for (unsigned c = 4; c < 8; c++)
		add_core(h, arena_printf(&h->arena, "%u", c), 0);
}

static const struct {
	void (*machine)(struct host *h);
	size_t n_vcpus;
	const char *within, *nodes;
	int r;
	const char *pins;
	size_t threads, n_host_cores;
	bool is_one_l3;
	size_t most; /* when r is -ENOSPC */
} cases[] = {
	{ machine_8700k, 8, NULL, NULL, 0, "1 7 2 8 3 9 4 10", 2, 2, true, 0 },
	{ machine_8700k, 10, NULL, NULL, 0, "1 7 2 8 3 9 4 10 5 11", 2, 1, true, 0 },
	{ machine_8700k, 12, NULL, NULL, -ENOSPC, NULL, 0, 0, false, 10 },
	{ machine_8700k, 13, NULL, NULL, -ENOSPC, NULL, 0, 0, false, 10 },
	{ machine_8700k, 3, NULL, NULL, 0, "1 2 3", 1, 3, true, 0 },
	{ machine_8700k, 7, NULL, NULL, 0, "1 7 2 8 3 9 4", 1, 2, true, 0 },
	{ machine_8700k, 0, NULL, NULL, -ENOSPC, NULL, 0, 0, false, 0 },
	{ machine_8700k, 4, "1,7,3,9", NULL, 0, "1 7 3 9", 2, 4, true, 0 },
	{ machine_8700k, 2, "0,6", NULL, 0, "0 6", 2, 5, true, 0 },
	{ machine_8700k, 4, "0,6", NULL, -ENOSPC, NULL, 0, 0, false, 2 },
	{ machine_5950x, 16, NULL, NULL, 0, "8 24 9 25 10 26 11 27 12 28 13 29 14 30 15 31", 2, 8,
	  true, 0 },
	{ machine_5950x, 18, NULL, NULL, 0, "1 17 2 18 3 19 4 20 5 21 6 22 7 23 8 24 9 25", 2, 7,
	  false, 0 },
	{ machine_7950x3d, 14, NULL, NULL, 0, "1 17 2 18 3 19 4 20 5 21 6 22 7 23", 2, 9, true, 0 },
	{ machine_7950x3d, 16, NULL, NULL, 0, "8 24 9 25 10 26 11 27 12 28 13 29 14 30 15 31", 2, 8,
	  true, 0 },
	{ machine_hybrid, 6, NULL, NULL, 0, "2 3 4 5 6 7", 2, 9, true, 0 },
	{ machine_hybrid, 8, NULL, NULL, 0, "8 9 10 11 12 13 14 15", 1, 4, true, 0 },
	{ machine_hybrid, 10, NULL, NULL, -ENOSPC, NULL, 0, 0, false, 8 },
	{ machine_12900k, 8, NULL, NULL, 0, "2 3 4 5 6 7 8 9", 2, 12, true, 0 },
	{ machine_12900k, 14, NULL, NULL, 0, "2 3 4 5 6 7 8 9 10 11 12 13 14 15", 2, 9, true, 0 },
	{ machine_threadripper, 8, NULL, NULL, 0, "4 20 5 21 6 22 7 23", 2, 12, true, 0 },
	{ machine_threadripper, 8, NULL, "1", 0, "8 24 9 25 10 26 11 27", 2, 12, true, 0 },
	{ machine_threadripper, 12, NULL, "0", 0, "1 17 2 18 3 19 4 20 5 21 6 22", 2, 10, false,
	  0 },
	{ machine_threadripper, 16, NULL, NULL, 0, "8 24 9 25 10 26 11 27 12 28 13 29 14 30 15 31",
	  2, 8, false, 0 },
	{ machine_2cpus, 1, NULL, NULL, 0, "1", 1, 1, true, 0 },
	{ machine_2cpus, 2, NULL, NULL, -ENOSPC, NULL, 0, 0, false, 1 },
	{ machine_2cpus, 2, "0-1", NULL, 0, "0 1", 1, 0, true, 0 },
	{ machine_2nodes, 4, NULL, NULL, 0, "8 9 10 11", 1, 12, true, 0 },
	{ machine_2nodes, 4, NULL, "0", 0, "1 2 3 4", 1, 12, true, 0 },
	{ machine_2nodes, 12, NULL, NULL, 0, "1 2 3 4 5 6 7 8 9 10 11 12", 1, 4, false, 0 },
	{ machine_1cpu, 1, NULL, NULL, -ENOSPC, NULL, 0, 0, false, 0 },
	{ machine_4threads, 8, NULL, NULL, 0, "4 5 6 7 8 9 10 11", 4, 2, false, 0 },
	{ machine_uneven, 2, NULL, NULL, 0, "2 6", 2, 3, false, 0 },
	{ machine_uneven, 1, NULL, NULL, 0, "2", 1, 3, false, 0 },
	{ machine_uneven, 3, NULL, NULL, 0, "2 6 3", 1, 2, false, 0 },
	{ machine_uneven, 5, NULL, NULL, -ENOSPC, NULL, 0, 0, false, 4 },
	{ machine_untold, 2, NULL, NULL, 0, "2 3", 2, 5, false, 0 },
	{ machine_untold, 4, NULL, NULL, 0, "4 5 6 7", 1, 2, false, 0 },
};

static void test_machines(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct propose_wish wish = { .n_vcpus = cases[i].n_vcpus };
		struct cpus within, nodes;
		auto_free struct proposal *p = NULL;
		struct host h;
		int r;

		host_blank(&h);
		cases[i].machine(&h);
		if (cases[i].within) {
			within = cpus_of(cases[i].within);
			wish.within = &within;
		}
		if (cases[i].nodes) {
			nodes = cpus_of(cases[i].nodes);
			wish.nodes = &nodes;
		}
		r = propose_pins(&h.cpu, &wish, &p);
		if (r != cases[i].r)
			fail_msg("case %zu: %d", i, r);
		if (r == 0) {
			if (strcmp(pins_of(&h, p), cases[i].pins) != 0)
				fail_msg("case %zu: %s", i, pins_of(&h, p));
			if (p->threads != cases[i].threads ||
			    p->n_host_cores != cases[i].n_host_cores ||
			    p->is_one_l3 != cases[i].is_one_l3)
				fail_msg("case %zu: %zu threads, %zu cores left, one L3 %d", i,
					 p->threads, p->n_host_cores, p->is_one_l3);
		} else if (propose_most(&h.cpu, &wish) != cases[i].most) {
			fail_msg("case %zu: at most %zu", i, propose_most(&h.cpu, &wish));
		}
		arena_release(&h.arena);
	}
}

static void test_unknown_machine(void **state)
{
	const struct propose_wish wish = { .n_vcpus = 1 };
	struct proposal *p = NULL;
	struct host h;

	(void)state;
	host_blank(&h);
	assert_int_equal(propose_pins(&h.cpu, &wish, &p), -ENODATA);
	set_cpus(&h.cpu.online, "0-3");
	assert_int_equal(propose_pins(&h.cpu, &wish, &p), -ENODATA);
	h.cpu.cores.known = true;
	assert_int_equal(propose_pins(&h.cpu, &wish, &p), -ENODATA);
	assert_int_equal(propose_most(&h.cpu, &wish), 0);
	assert_null(p);
	arena_release(&h.arena);
}

static void test_keep(void **state)
{
	const struct propose_wish wish = { .n_vcpus = 12, .n_keep = 2 };
	struct host h;

	(void)state;
	host_blank(&h);
	machine_8700k(&h);
	assert_int_equal(propose_most(&h.cpu, &wish), 8);
	arena_release(&h.arena);
}

/* A host of 1024 cores that share nothing must not take long to refuse. */
static void test_large(void **state)
{
	const struct propose_wish wish = { .n_vcpus = 5000 };
	struct host h;

	(void)state;
	host_blank(&h);
	for (unsigned c = 0; c < 1200; c++)
		add_core(&h, arena_printf(&h.arena, "%u", c), c);
	assert_int_equal(propose_most(&h.cpu, &wish), 1023);
	arena_release(&h.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_machines),
		cmocka_unit_test(test_unknown_machine),
		cmocka_unit_test(test_keep),
		cmocka_unit_test(test_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
