/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/host.h"

enum { N_PARTS = 3 };

static void set_parts(struct host *h, struct sched_cpuset *c, const char *system, const char *user,
		      const char *init)
{
	const char *const names[N_PARTS] = { "system.slice", "user.slice", "init.scope" };
	const char *const lists[N_PARTS] = { system, user, init };

	memset(c, 0, N_PARTS * sizeof(*c));
	for (size_t i = 0; i < N_PARTS; i++) {
		set_str(&c[i].path, names[i]);
		if (lists[i])
			set_cpus(&c[i].effective, lists[i]);
	}
	h->sched.cpusets = (struct fact_list){ true, N_PARTS, c };
}

static void parts_of_systemd_are_kept_off(void **state)
{
	struct guest_process guest = { .pid = { true, 7 } };
	struct sched_cpuset c[N_PARTS];
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, "isol.dynamic", VERDICT_NOT_APPLICABLE, "tells which CPUs");
	host_set_guest_cpus(&h, "1-2", "0,3");
	set_cpus(&h.cpu.online, "0-3");
	check_row(&h, "isol.dynamic", VERDICT_UNKNOWN, NULL);
	set_str(&h.sched.cgroup_version, "v1");
	check_row(&h, "isol.dynamic", VERDICT_NOT_APPLICABLE, "here they are v1");
	set_str(&h.sched.cgroup_version, "v2");
	set_parts(&h, c, "0-3", "0-3", "0-3");
	check_row(&h, "isol.dynamic", VERDICT_NOT_APPLICABLE, "No part of systemd");
	set_str(&h.guestref.kind, "qemu");
	h.running = &guest;
	h.guest.guests = (struct fact_list){ true, 1, &guest };
	set_parts(&h, c, "0,3", "0,3", "0,3");
	check_row(&h, "isol.dynamic", VERDICT_PASS, "while it runs");
	set_parts(&h, c, "0,3", "0,3", "0-3");
	f = check_row(&h, "isol.dynamic", VERDICT_ADVICE, "Only 2 of 3 parts");
	assert_non_null(strstr(f.fix.now, "AllowedCPUs=0,3"));
	h.running = NULL;
	set_str(&h.guestref.kind, "none");
	h.guest.guests = (struct fact_list){ true, 0, NULL };
	f = check_row(&h, "isol.dynamic", VERDICT_ADVICE, "No guest runs, yet 2 parts");
	assert_non_null(strstr(f.fix.now, "AllowedCPUs=0-3"));
	arena_release(&h.arena);
}

static void partitions_say_why_they_fail(void **state)
{
	struct sched_cpuset c = { .path = { true, "machine.slice" } };
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, "isol.partition", VERDICT_UNKNOWN, NULL);
	h.sched.cpusets = (struct fact_list){ true, 1, &c };
	set_str(&c.partition, "member");
	check_row(&h, "isol.partition", VERDICT_NOT_APPLICABLE, "No cpuset");
	set_str(&c.partition, "isolated");
	check_row(&h, "isol.partition", VERDICT_PASS, "1 partition of CPUs is valid");
	set_str(&c.partition, "isolated invalid (Cpu list in cpuset.cpus not exclusive)");
	check_row(&h, "isol.partition", VERDICT_PROBLEM, "not exclusive");
	c.path.known = false;
	c.path.v = NULL;
	check_row(&h, "isol.partition", VERDICT_NOT_APPLICABLE, "No cpuset");
	arena_release(&h.arena);
}

static void real_time_is_for_isolated_cpus(void **state)
{
	struct guest_thread t = { .role = { true, "vcpu" }, .policy = { true, "other" } };
	struct guest_process guest = { .pid = { true, 7 }, .threads = { true, 1, &t } };
	struct domain_sched s = { .policy = { true, "fifo" } };
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	check_row(&h, "sched.vcpu-fifo", VERDICT_NOT_APPLICABLE, "No guest");
	h.domain.vcpu_scheds = (struct fact_list){ true, 0, NULL };
	check_row(&h, "sched.vcpu-fifo", VERDICT_PASS, "usual policy");
	h.domain.vcpu_scheds = (struct fact_list){ true, 1, &s };
	f = check_row(&h, "sched.vcpu-fifo", VERDICT_ADVICE, "not isolated");
	assert_non_null(strstr(f.fix.persist, "without <vcpusched>"));
	host_set_guest_cpus(&h, "1-2", "0,3");
	set_cpus(&h.cpu.isolated, "1-2");
	check_row(&h, "sched.vcpu-fifo", VERDICT_PASS, "on isolated CPUs");
	h.running = &guest;
	check_row(&h, "sched.vcpu-fifo", VERDICT_PASS, "usual policy");
	set_str(&t.policy, "rr");
	set_cpus(&h.cpu.isolated, "1");
	check_row(&h, "sched.vcpu-fifo", VERDICT_ADVICE, "not isolated");
	arena_release(&h.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_of_systemd_are_kept_off),
		cmocka_unit_test(partitions_say_why_they_fail),
		cmocka_unit_test(real_time_is_for_isolated_cpus),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
