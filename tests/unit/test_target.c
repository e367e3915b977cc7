/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which guest and which CPUs: every way, in the order they are tried, and every refusal. */
#include "analyze/target.h"
#include "tests/lib/host.h"

static struct guest_thread *add_vcpu(struct host *h, struct guest_process *g, uint64_t n,
				     const char *cpus)
{
	struct guest_thread *t = fact_add_item(&g->threads, &h->arena, sizeof(*t));

	assert_non_null(t);
	set_str(&t->role, "vcpu");
	fact_set_u64(&t->vcpu, n);
	set_cpus(&t->affinity, cpus);
	return t;
}

static struct guest_process *add_guest(struct host *h, uint64_t pid, const char *name)
{
	struct guest_process *g = fact_add_item(&h->guest.guests, &h->arena, sizeof(*g));

	assert_non_null(g);
	fact_set_u64(&g->pid, pid);
	set_str(&g->kind, "qemu");
	if (name)
		set_str(&g->name, name);
	return g;
}

static void check_target(struct host *h, const struct target_wish *wish, const char *kind,
			 const char *source, const char *guest, const char *host)
{
	const struct cpus g = cpus_of(guest), rest = cpus_of(host);
	const char *why = NULL;
	struct target t;

	assert_int_equal(target_choose(h, wish, &t, &why), 0);
	assert_string_equal(t.kind, kind);
	assert_string_equal(t.source, source);
	assert_true(cpus_equal(&t.guest, &g));
	assert_true(cpus_equal(&t.host, &rest));
}

static void check_refused(struct host *h, const struct target_wish *wish, int error,
			  const char *piece)
{
	const char *why = NULL;
	struct target t;

	assert_int_equal(target_choose(h, wish, &t, &why), error);
	assert_non_null(why);
	if (!strstr(why, piece))
		fail_msg("'%s' does not say '%s'", why, piece);
}

static void add_core(struct host *h, const char *cpus)
{
	struct core_fact *c = fact_add_item(&h->cpu.cores, &h->arena, sizeof(*c));

	assert_non_null(c);
	set_cpus(&c->cpus, cpus);
}

static void test_ways(void **state)
{
	const struct target_wish nothing = { 0 };
	const struct cpus option = cpus_of("2-3");
	const struct target_wish with_cpus = { .cpus = &option };
	struct guest_process *g;
	struct domain_pin *pin;
	struct host h;

	(void)state;
	host_blank(&h);
	set_cpus(&h.cpu.online, "0-7");
	check_target(&h, &nothing, "builtin", "fallback", "1-7", "0");
	add_core(&h, "0,4");
	add_core(&h, "1,5");
	check_target(&h, &nothing, "builtin", "fallback", "1-3,5-7", "0,4");
	set_cpus(&h.cpu.nohz_full, "7");
	check_target(&h, &nothing, "builtin", "isolated", "7", "0-6");
	set_cpus(&h.cpu.isolated, "6-7,12"); /* 12 is not online */
	check_target(&h, &nothing, "builtin", "isolated", "6-7", "0-5");
	pin = fact_add_item(&h.domain.vcpu_pins, &h.arena, sizeof(*pin));
	set_cpus(&pin->cpus, "5");
	check_target(&h, &nothing, "builtin", "guest", "5", "0-4,6-7");
	g = add_guest(&h, 4711, "win10");
	add_vcpu(&h, g, 0, "3");
	add_vcpu(&h, g, 1, "4");
	check_target(&h, &nothing, "qemu", "guest", "3-4", "0-2,5-7");
	check_target(&h, &with_cpus, "qemu", "option", "2-3", "0-1,4-7");
	arena_release(&h.arena);
}

static void test_named(void **state)
{
	const struct target_wish automatic = { .guest = "auto" }, by_name = { .guest = "b" },
				 by_pid = { .guest = "100" }, none = { .guest = "none" },
				 builtin = { .guest = "builtin" }, unknown = { .guest = "c" };
	struct host h;

	(void)state;
	host_blank(&h);
	set_cpus(&h.cpu.online, "0-3");
	check_refused(&h, &unknown, -ENOENT, "no QEMU guest is running");
	add_vcpu(&h, add_guest(&h, 100, "a"), 0, "1");
	add_vcpu(&h, add_guest(&h, 200, "b"), 0, "2");
	check_refused(&h, &automatic, -ENOTUNIQ, "2 guests run");
	check_refused(&h, &automatic, -ENOTUNIQ, "100 (a), 200 (b)");
	check_refused(&h, &unknown, -ENOENT, "100 (a), 200 (b)");
	check_target(&h, &by_name, "qemu", "guest", "2", "0-1,3");
	check_target(&h, &by_pid, "qemu", "guest", "1", "0,2-3");
	check_target(&h, &none, "none", "fallback", "1-3", "0");
	check_target(&h, &builtin, "builtin", "fallback", "1-3", "0");
	arena_release(&h.arena);
}

/* CPUs of a session before: how they were chosen there, as far as that still holds. */
static void test_chosen_before(void **state)
{
	static const struct {
		const char *cpus, *source, *expected;
	} rows[] = {
		{ "1-7", "fallback", "fallback" },
		{ "2-3", "fallback", "fallback" }, /* all but one core were others then */
		{ "6-7", "isolated", "isolated" },
		{ "5-7", "isolated", "option" }, /* CPU 5 is isolated no longer */
		{ "5", "guest", "guest" },
		{ "6", "guest", "option" },
		{ "1-7", "option", "option" },
		{ "1-7", "of a stranger", "option" },
	};
	struct domain_pin *pin;
	struct host h;

	(void)state;
	host_blank(&h);
	set_cpus(&h.cpu.online, "0-7");
	set_cpus(&h.cpu.isolated, "6-7,12"); /* 12 is not online */
	pin = fact_add_item(&h.domain.vcpu_pins, &h.arena, sizeof(*pin));
	set_cpus(&pin->cpus, "5");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct cpus cpus = cpus_of(rows[i].cpus);
		const struct target_wish wish = { .cpus = &cpus, .source = rows[i].source };
		const char *why = NULL;
		struct target t;

		assert_int_equal(target_choose(&h, &wish, &t, &why), 0);
		assert_string_equal(t.source, rows[i].expected);
		assert_true(cpus_equal(&t.guest, &cpus));
	}
	arena_release(&h.arena);
}

/* A configuration in a file is that of a running guest only when it has its name. */
static void test_of_file(void **state)
{
	const struct target_wish of_file = { .is_of_file = true },
				 asked = { .guest = "auto", .is_of_file = true };
	struct domain_pin *pin;
	struct host h;

	(void)state;
	host_blank(&h);
	set_cpus(&h.cpu.online, "0-3");
	add_vcpu(&h, add_guest(&h, 100, NULL), 0, "1");
	check_target(&h, &of_file, "none", "fallback", "1-3", "0");
	check_target(&h, &asked, "qemu", "guest", "1", "0,2-3");
	add_vcpu(&h, add_guest(&h, 200, "b"), 0, "2");
	check_target(&h, &of_file, "none", "fallback", "1-3", "0");
	set_str(&h.domain.name, "c");
	pin = fact_add_item(&h.domain.vcpu_pins, &h.arena, sizeof(*pin));
	set_cpus(&pin->cpus, "3");
	check_target(&h, &of_file, "none", "guest", "3", "0-2");
	set_str(&h.domain.name, "b");
	check_target(&h, &of_file, "qemu", "guest", "2", "0-1,3");
	arena_release(&h.arena);
}

static void test_refused(void **state)
{
	const struct cpus none = cpus_of(""), offline = cpus_of("2,9");
	const struct target_wish nothing = { 0 }, empty = { .cpus = &none },
				 missing = { .cpus = &offline };
	struct host h;

	(void)state;
	host_blank(&h);
	check_refused(&h, &nothing, -ENODATA, "which CPUs are online is not known");
	set_cpus(&h.cpu.online, "0-3");
	check_refused(&h, &empty, -ENOENT, "the list is empty");
	check_refused(&h, &missing, -ENOENT, "CPU 9 is not online; online are 0-3");
	arena_release(&h.arena);
}

/* One CPU only: the guest and the host share it; better than nothing. */
static void test_single_cpu(void **state)
{
	const struct target_wish nothing = { 0 };
	struct host h;

	(void)state;
	host_blank(&h);
	set_cpus(&h.cpu.online, "0");
	check_target(&h, &nothing, "builtin", "fallback", "0", "");
	arena_release(&h.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ways),       cmocka_unit_test(test_named),
		cmocka_unit_test(test_of_file),    cmocka_unit_test(test_refused),
		cmocka_unit_test(test_single_cpu), cmocka_unit_test(test_chosen_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
