/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where vCPUs may run, from a running guest or from a configured one. */
#include "analyze/placement.h"
#include "tests/lib/machine.h"

static const struct placement *place(struct host *h)
{
	struct finding f = { .arena = &h->arena };
	const struct placement *p = placement_of(h, &f);

	assert_false(f.is_out_of_memory);
	return p;
}

/* "0:1 1:7 2:0-11" */
static void check_places(struct host *h, const char *expected)
{
	const struct placement *p = place(h);
	const char *text = "";

	for (size_t i = 0; i < p->n; i++) {
		auto_free char *list = cpus_list_new(&p->v[i].cpus);

		text = arena_printf(&h->arena, "%s%s%u:%s", text, i ? " " : "",
				    (unsigned)p->v[i].vcpu, list);
	}
	assert_string_equal(text, expected);
}

static void check_no_source(struct host *h, const char *why)
{
	struct finding f = { .arena = &h->arena };

	assert_int_equal(placement_source(h), PLACEMENT_NONE);
	assert_false(placement_applies(h, &f));
	check_has(f.summary, why);
	assert_int_equal(place(h)->n, 0);
}

static void test_sources(void **state)
{
	struct finding f = { 0 };
	struct host h;

	(void)state;
	host_blank(&h);
	check_no_source(&h, "No guest runs");
	set_str(&h.guestref.kind, "builtin");
	check_no_source(&h, "built-in guest has no configuration of its own");
	configure_guest(&h, 2, "1 2");
	f.arena = &h.arena;
	assert_true(placement_applies(&h, &f));
	assert_int_equal(placement_source(&h), PLACEMENT_CONFIGURED);
	set_str(&h.domain.source, "argv");
	set_str(&h.guestref.kind, "none");
	check_no_source(&h, "QEMU's arguments hold no pins");
	run_guest(&h, "plain");
	assert_int_equal(placement_source(&h), PLACEMENT_RUNNING);
	set_str(&((struct guest_process *)h.guest.guests.v)->kind, "builtin");
	set_str(&h.guestref.kind, "builtin");
	check_no_source(&h, "built-in guest");
	arena_release(&h.arena);
}

static void test_configured(void **state)
{
	struct host h;
	struct domain_pin *pin;

	(void)state;
	host_blank(&h);
	configure_guest(&h, 4, "1 7");
	check_places(&h, "0:1 1:7 2: 3:");
	machine_8700k(&h);
	check_places(&h, "0:1 1:7 2:0-11 3:0-11");
	set_cpus(&h.domain.vcpu_cpuset, "2-5");
	check_places(&h, "0:1 1:7 2:2-5 3:2-5");
	assert_int_equal(place(&h)->n_pinned, 2);
	/* Four vCPUs of which the pins say that they are 0, 1, 8 and 9. */
	configure_guest(&h, 4, "1 7 2 8");
	pin = h.domain.vcpu_pins.v;
	pin[2].id.v = 8;
	pin[3].id.v = 9;
	check_places(&h, "0:1 1:7 8:2 9:8");
	/* Twelve could be plugged in, four are. */
	fact_set_u64(&h.domain.n_vcpus, 12);
	fact_set_u64(&h.domain.n_current_vcpus, 4);
	check_places(&h, "0:1 1:7 8:2 9:8");
	h.domain.n_current_vcpus.known = false;
	/* The first of two pins counts; one without a number is none. */
	pin[2].id.v = 1;
	pin[3].id.known = false;
	h.domain.n_vcpus.known = false;
	check_places(&h, "0:1 1:7");
	configure_guest(&h, UINT64_MAX, "");
	assert_int_equal(place(&h)->n, PLACEMENT_MAX);
	fact_set_u64(&h.domain.n_vcpus, 0);
	assert_int_equal(place(&h)->n, 0);
	arena_release(&h.arena);
}

static void test_running(void **state)
{
	struct finding f = { 0 };
	struct host h;
	const struct placement *p;

	(void)state;
	host_blank(&h);
	configure_guest(&h, 2, "1 2");
	run_guest(&h, "libvirt");
	p = place(&h);
	assert_int_equal(p->n, 0);
	f.arena = &h.arena;
	assert_int_equal(placement_says_nothing(p, &f), VERDICT_UNKNOWN);
	check_has(f.summary, "see pin.identify");
	add_thread(&h, "emulator", 4000, "qemu", "0-11");
	add_vcpu(&h, 1, "7");
	add_vcpu(&h, 0, "1,2");
	check_places(&h, "0:1-2 1:7");
	p = place(&h);
	assert_int_equal(p->n_pinned, 1);
	assert_int_equal(p->v[1].tid, 4101);
	assert_true(p->v[1].is_pinned && !p->v[0].is_pinned);
	assert_null(placement_activity(&h, &p->v[0]));
	add_activity(&h, 4101, "vcpu", 10, 0, (const uint64_t[]){ 7, 1, 8, 0 });
	assert_non_null(placement_activity(&h, &p->v[1]));
	arena_release(&h.arena);
}

static void check_housekeeping(struct host *h, const char *expected)
{
	struct cpus set = placement_housekeeping(h, place(h));
	auto_free char *list = cpus_list_new(&set);

	assert_string_equal(list, expected);
}

static void test_housekeeping(void **state)
{
	struct host h;

	(void)state;
	host_blank(&h);
	configure_guest(&h, 2, "1 7");
	check_housekeeping(&h, "");
	machine_8700k(&h);
	check_housekeeping(&h, "0,2-6,8-11");
	set_cpus(&h.cpu.isolated, "1-4,7-10");
	check_housekeeping(&h, "0,5-6,11");
	/* Siblings of vCPUs only where there is nothing else. */
	configure_guest(&h, 6, "0 1 2 3 4 5");
	set_cpus(&h.cpu.isolated, "");
	check_housekeeping(&h, "6-11");
	set_cpus(&h.cpu.isolated, "0-11");
	check_housekeeping(&h, "6-11");
	configure_guest(&h, 12, "0 1 2 3 4 5 6 7 8 9 10 11");
	check_housekeeping(&h, "");
	arena_release(&h.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sources),
		cmocka_unit_test(test_configured),
		cmocka_unit_test(test_running),
		cmocka_unit_test(test_housekeeping),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
