/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * processes.c - of the files of a process that which probes need: the arguments of those that run
 * no guest tell about people, and mappings are summed up. Formats: proc(5) and probes/parse.
 */
#include "probes/processes.h"

#include <inttypes.h>
#include <string.h>

#include "probes/capture/parts.h"
#include "probes/parse/limits.h"
#include "probes/parse/maps.h"
#include "probes/parse/numa_maps.h"
#include "probes/parse/qemu_name.h"
#include "probes/parse/tasks.h"
#include "probes/smaps_read.h"

static int find_irqbalance(struct capture *c)
{
	auto_processes struct processes list = { 0 };
	int r = processes_list(c->root, "/proc", &list);

	for (size_t i = 0; r == 0 && !c->irqbalance && i < list.n; i++) {
		auto_free char *comm = NULL;

		if (sysroot_read_line(c->root, &comm, "/proc/%u/comm", list.pids[i]) == 0 &&
		    !strcmp(comm, "irqbalance"))
			c->irqbalance = list.pids[i];
	}
	return r == -ENOMEM ? r : 0;
}

int capture_find_processes(struct capture *c)
{
	struct probe_env env = { .probe = probe_find("guest"),
				 .root = c->root,
				 .arena = &c->arena };
	int r;

	env.gaps_end = &env.gaps;
	r = guests_find(&env, &c->guests);
	return r == -ENOMEM ? r : find_irqbalance(c);
}

static const struct guest_found *find_guest(const struct capture *c, uint64_t pid)
{
	for (size_t i = 0; i < c->guests.n; i++) {
		if (c->guests.v[i].pid == pid)
			return &c->guests.v[i];
	}
	return NULL;
}

static bool is_vhost(const struct capture *c, uint64_t pid)
{
	for (size_t i = 0; i < c->guests.n_vhosts; i++) {
		if (c->guests.v && c->guests.vhosts[i].tid == pid)
			return true;
	}
	return false;
}

/* This program and its probes: they are no part of the host. */
static bool is_ours(const struct capture *c, uint64_t pid)
{
	auto_free char *comm = NULL;

	return c->root->is_live &&
	       sysroot_read_line(c->root, &comm, "/proc/%" PRIu64 "/comm", pid) == 0 &&
	       text_starts(text_of(comm), "vfiobench");
}

bool capture_is_of(const struct capture *c, enum capture_who who, const char *pid)
{
	uint64_t v;

	if (strspn(pid, "0123456789") != strlen(pid) || text_u64(text_of(pid), &v) < 0)
		return true; /* no process */
	switch (who) {
	case WHO_GUEST:
		return find_guest(c, v);
	case WHO_VHOST:
		return is_vhost(c, v);
	case WHO_IRQBALANCE:
		return c->irqbalance && v == c->irqbalance;
	case WHO_ANY:
		break;
	}
	return find_guest(c, v) || !is_ours(c, v);
}

static uint64_t pid_of(const char *path)
{
	struct text rest = text_of(path + strlen("/proc/"));
	uint64_t pid;

	return text_take_u64(&rest, &pid) == 0 ? pid : 0;
}

/* Of one that runs no guest only that it has arguments, and that it is none. */
static int put_stranger(struct capture *c, uint64_t pid, FILE *out)
{
	static const char no_machine[] = "-machine\0none";
	auto_free char *comm = NULL;

	if (sysroot_read_line(c->root, &comm, "/proc/%" PRIu64 "/comm", pid) < 0 || !*comm)
		return -ENODATA;
	capture_write(out, text_make(comm, strlen(comm) + 1));
	if (qemu_is_emulator(text_make(comm, strlen(comm) + 1), text_of(comm)))
		capture_write(out, text_make(no_machine, sizeof(no_machine)));
	return 0;
}

int capture_args(struct capture *c, const char *path, FILE *out)
{
	const uint64_t pid = pid_of(path);
	auto_free char *bytes = NULL;
	struct text args;
	int r = capture_read(c, path, &bytes, &args);

	if (r < 0 || !args.len)
		return r == -ENOENT || r == -ESRCH ? -ENODATA : r;
	return find_guest(c, pid) || pid == c->irqbalance ? capture_put_args(out, args)
							  : put_stranger(c, pid, out);
}

/* Ended meanwhile: it was never there. */
static int read_of_process(struct capture *c, const char *path, char **ret_text, struct text *ret)
{
	const int r = capture_read(c, path, ret_text, ret);

	return c->root->is_live && (r == -ENOENT || r == -ESRCH) ? -ENODATA : r;
}

/* The fields that are asked for, zeros for the others: addresses and times of no interest. */
int capture_stat(struct capture *c, const char *path, FILE *out)
{
	auto_free char *bytes = NULL;
	struct task_stat s;
	struct text text;
	const int r = read_of_process(c, path, &bytes, &text);
	const char *id = path + strlen(path) - strlen("/stat");

	if (r < 0)
		return r;
	if (task_stat_parse(text, &s) < 0 || memchr(s.comm.at, '\n', s.comm.len)) {
		capture_write(out, text);
		return 0;
	}
	while (id > path && id[-1] != '/')
		id--;
	fprintf(out,
		"%.*s (%.*s) %c 0 0 0 0 -1 %" PRIu64 " 0 0 %" PRIu64 " 0 %" PRIu64
		" 0 0 0 0 0 0 0 %" PRIu64,
		(int)strcspn(id, "/"), id, (int)s.comm.len, s.comm.at, s.state ? s.state : 'S',
		s.flags, s.n_major_faults, s.cpu_ticks, s.start_ticks);
	if (s.has_scheduling) {
		for (int i = 23; i < 39; i++)
			fputs(" 0", out);
		fprintf(out, " %" PRIu64 " %" PRIu64 " %" PRIu64, s.last_cpu, s.rt_priority,
			s.policy);
	}
	fputc('\n', out);
	return 0;
}

int capture_status(struct capture *c, const char *path, FILE *out)
{
	static const char *const of_guests[] = { "VmLck", "VmSwap", "Uid", "CapEff" };
	const bool is_guest = find_guest(c, pid_of(path));
	auto_free char *bytes = NULL;
	struct text text, line, key, value;
	const int r = read_of_process(c, path, &bytes, &text);
	const bool has_list = r == 0 && text_find(text, "Cpus_allowed_list:");

	while (r == 0 && text_next_line(&text, &line)) {
		bool is_wanted;

		if (!text_key_value(line, ':', &key, &value))
			continue;
		is_wanted = text_equal(key, has_list ? "Cpus_allowed_list" : "Cpus_allowed");
		for (size_t i = 0; is_guest && i < ARRAY_SIZE(of_guests); i++)
			is_wanted |= text_equal(key, of_guests[i]);
		if (is_wanted)
			capture_line(out, line);
	}
	return r;
}

int capture_limits(struct capture *c, const char *path, FILE *out)
{
	auto_free char *bytes = NULL;
	struct text text, line;
	const int r = read_of_process(c, path, &bytes, &text);

	while (r == 0 && text_next_line(&text, &line)) {
		if (text_starts(line, "Limit ") || text_starts(line, "Max locked memory"))
			capture_line(out, text_trim(line));
	}
	return r;
}

/* One line with the sums, in the form of the file. */
int capture_numa_maps(struct capture *c, const char *path, FILE *out)
{
	auto_free struct numa_maps *maps = malloc(sizeof(*maps));
	auto_free char *bytes = NULL;
	struct text text;
	int r = maps ? read_of_process(c, path, &bytes, &text) : -ENOMEM;

	if (r < 0)
		return r;
	if (numa_maps_parse(text, maps) < 0) {
		capture_write(out, text);
		return 0;
	}
	fputs("10000 default", out);
	for (size_t node = 0; node < NUMA_MAPS_N_NODES; node++) {
		if (maps->node_kib[node])
			fprintf(out, " N%zu=%" PRIu64, node, maps->node_kib[node]);
	}
	fputs(" kernelpagesize_kB=1\n", out);
	return 0;
}

/* One mapping for each kind of memory that counts, and one for what may be merged. */
int capture_smaps(struct capture *c, const char *path, FILE *out)
{
	struct smaps smaps = { 0 };
	int r = smaps_read(c->root, path, &smaps);

	if (r < 0)
		return c->root->is_live && (r == -ENOENT || r == -ESRCH) ? -ENODATA : r;
	for (size_t i = 0; i < smaps.n; i++) {
		const struct smaps_backing *b = &smaps.backings[i];

		fprintf(out,
			"%zx0000-%zx0000 rw-p 00000000 00:00 0\nSize: %" PRIu64
			" kB\nKernelPageSize: %" PRIu64 " kB\nRss: %" PRIu64
			" kB\nAnonHugePages: %" PRIu64 " kB\n",
			i + 1, i + 2, b->size_kib, b->page_kib, b->resident_kib, b->anon_huge_kib);
		if (b->is_hugetlb)
			fprintf(out, "Private_Hugetlb: %" PRIu64 " kB\nVmFlags: ht\n",
				b->resident_kib);
	}
	for (uint64_t i = 0; i < smaps.n_mergeable; i++)
		fprintf(out, "%sVmFlags: mg\n",
			i ? "" : "f0000-100000 r--p 00000000 00:00 0\nSize: 64 kB\n");
	return 0;
}

int capture_maps(struct capture *c, const char *path, FILE *out)
{
	auto_free char *bytes = NULL;
	struct text text;
	size_t n;
	const int r = read_of_process(c, path, &bytes, &text);

	n = r == 0 ? maps_count(text, "/[aio]") : 0;
	for (size_t i = 0; i < n; i++)
		fprintf(out, "%zx000-%zx000 rw-s 00000000 00:00 0 /[aio]\n", i + 1, i + 2);
	return r;
}

int capture_environ(struct capture *c, const char *path, FILE *out)
{
	auto_free char *bytes = NULL;
	struct text text, variable;
	const int r = read_of_process(c, path, &bytes, &text);

	while (r == 0 && text_next_piece(&text, '\0', &variable)) {
		if (text_starts(variable, "IRQBALANCE_")) {
			capture_write(out, variable);
			fputc('\0', out);
		}
	}
	return r;
}

/* Whether it is one of libvirt's; the path would name the guest. */
int capture_cgroup(struct capture *c, const char *path, FILE *out)
{
	auto_free char *bytes = NULL;
	struct text text;
	const int r = read_of_process(c, path, &bytes, &text);

	if (r == 0)
		fputs(text_find(text, "machine-qemu") ? "0::/machine.slice/machine-qemu.scope\n"
						      : "0::/\n",
		      out);
	return r;
}

/* Of all that processes have open: virtual machines, and the limit of wake-up latency. */
int capture_descriptor(struct capture *c, const char *path, FILE *out)
{
	static const char *const wanted[] = { "anon_inode:kvm-vm", "/dev/cpu_dma_latency" };
	auto_free char *target = NULL;
	int r = sysroot_readlink(c->root, &target, "%s", path);

	(void)out;
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(wanted); i++) {
		if (!strcmp(target, wanted[i]))
			return capture_put(c, BUNDLE_LINK, path, target, strlen(target));
	}
	return r == -ENOMEM ? r : 0;
}
