/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * noise KIND CPU HOST_CPU MS [ARG...] - makes noise of a kind on CPU for so long, and prints "ns N"
 * (time it took from that CPU) and "n N" (how often) by its own account, what it has of these.
 */
#include "tests/lib/noise.h"

#include <inttypes.h>
#include <string.h>

static const struct kind {
	const char *name, *args;
	noise_make_fn *make;
	const char *what;
} kinds[] = {
	{ "burner", "", noise_burner, "5 ms of each 100 ms, SCHED_FIFO" },
	{ "hog", "", noise_hog, "all it gets, SCHED_OTHER" },
	{ "sleeper", "", noise_sleeper, "a wake-up each 100 us" },
	{ "files", "", noise_files, "opens and closes files: work for RCU" },
	{ "timers", "", noise_timers, "timers of the wheel" },
	{ "compact", "", noise_compact, "compacts memory" },
	{ "call", "", noise_call, "function calls by interrupt" },
	{ "barrier", "", noise_barrier, "membarrier() against a thread there" },
	{ "tlb", "", noise_tlb, "mprotect() against a thread there" },
	{ "udp", "", noise_udp, "packets that are received there" },
	{ "interrupt", "FILE", noise_interrupt, "reads of a character device" },
	{ "read", "FILE", noise_read, "direct reads of a file" },
	{ "ksm", "", noise_ksm, "memory for ksmd to look at" },
	{ "huge", "", noise_huge, "memory for khugepaged to collapse" },
	{ "stop", "PID", noise_stop, "SIGSTOP for 50 ms of each 100 ms" },
	{ "quota", "FOLDER", noise_quota, "a fifth of the CPU for a control group" },
	{ "qmp", "SOCKET", noise_qmp, "questions to QEMU's main thread" },
	{ "counters", "WHAT:ROW...", noise_counters, "none: counters of the CPU, all the time" },
};

static int usage(void)
{
	fprintf(stderr, "usage: noise KIND CPU HOST_CPU MS [ARG...]\n");
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		fprintf(stderr, "  %-10s%-12s%s\n", kinds[i].name, kinds[i].args, kinds[i].what);
	}
	return 2;
}

static const struct kind *find_kind(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	}
	return NULL;
}

static void print_amount(const char *name, uint64_t amount)
{
	if (amount != UINT64_MAX)
		printf("%s %" PRIu64 "\n", name, amount);
}

int main(int argc, char **argv)
{
	const struct kind *kind = argc < 5 ? NULL : find_kind(argv[1]);
	struct noise_amount amount = { UINT64_MAX, UINT64_MAX };
	struct noise noise;
	uint64_t cpu, host_cpu, ms;
	int r;

	if (!kind || noise_number(argv[2], &cpu) || noise_number(argv[3], &host_cpu) ||
	    noise_number(argv[4], &ms))
		return usage();
	noise = (struct noise){ (unsigned)cpu, (unsigned)host_cpu, ms * NS_PER_MS,
				(const char *const *)&argv[5] };
	r = noise_pin(noise.host_cpu);
	if (r >= 0)
		r = kind->make(&noise, &amount);
	if (r < 0) {
		fprintf(stderr, "noise %s: %s\n", kind->name, strerror(-r));
		return 1;
	}
	print_amount("ns", amount.ns);
	print_amount("n", amount.n);
	return 0;
}
