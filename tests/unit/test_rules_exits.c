/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What loads cost inside of the built-in guest stands beside what is said of pages. */
#include "tests/lib/guestconf.h"

static void add_memory(struct host *h, uint64_t backing_kib, uint64_t mapped_kib, uint64_t load_ps)
{
	struct exits_memory *m = fact_add_item(&h->exits.memory, &h->arena, sizeof(*m));

	assert_non_null(m);
	fact_set_u64(&m->backing_kib, backing_kib);
	fact_set_u64(&m->size_kib, 512 * KIB);
	fact_set_u64(&m->load_ps, load_ps);
	if (mapped_kib)
		fact_set_u64(&m->mapped_kib, mapped_kib);
}

static void set_loads(struct host *h, bool is_emulated)
{
	host_blank(h);
	guest_of(h, "windows");
	h->kernel.params.known = true;
	add_setting(h, &h->kernel.params, "kvm.nx_huge_pages", "N");
	fact_set_bool(&h->exits.is_emulated, is_emulated);
	add_memory(h, 4, 4, 92140);
	add_memory(h, 2048, 0, 80000);
	add_memory(h, MIB, 2048, 79950);
}

static void loads_on_a_real_host(void **state)
{
	static const char *const ids[] = { "hugepages.static-1g", "kvm.nx-huge-pages" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
		struct finding f;
		struct host h;

		set_loads(&h, false);
		f = judge_row(&h, ids[i]);
		assert_int_equal(f.n_items, 3);
		assert_string_equal(f.items[0], "built-in guest: a load at a random place of 512 "
						"MiB takes 92.1 ns on pages of 4 KiB");
		assert_string_equal(f.items[1], "built-in guest: a load at a random place of 512 "
						"MiB takes 80.0 ns on pages of 2 MiB");
		check_has(f.items[2], "takes 79.9 ns on pages of 1 GiB, which KVM gave it in "
				      "pieces of 2 MiB");
		arena_release(&h.arena);
	}
}

static void loads_of_an_emulated_guest(void **state)
{
	struct finding f;
	struct host h;

	(void)state;
	set_loads(&h, true);
	f = judge_row(&h, "hugepages.static-1g");
	assert_int_equal(f.n_items, 1);
	assert_string_equal(f.items[0], "built-in guest: emulated host: not comparable");
	/* Not known is not native. */
	h.exits.is_emulated.known = false;
	f = judge_row(&h, "hugepages.static-1g");
	check_has(f.items[0], "not comparable");
	h.exits.memory.n = 0;
	f = judge_row(&h, "hugepages.static-1g");
	assert_int_equal(f.n_items, 0);
	arena_release(&h.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loads_on_a_real_host),
		cmocka_unit_test(loads_of_an_emulated_guest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
