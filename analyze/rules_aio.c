/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_aio.c - will the guest's native-AIO disks find their slots? */
#include "analyze/rule.h"

/* QEMU's MAX_EVENTS: slots it asks for per AIO context (block/linux-aio.c). */
#define SLOTS_PER_CONTEXT 1024
#define LIMIT_DEFAULT     65536

typedef unsigned long long ull;

/* A drive without a medium opens nothing. */
static bool is_native(const struct domain_disk *disk)
{
	const bool is_empty = !disk->source.known &&
			      (fact_is(&disk->device, "cdrom") || fact_is(&disk->device, "floppy"));

	return fact_is(&disk->io, "native") && !is_empty;
}

/*
 * Contexts the configured guest opens: one for the main loop, where QEMU opens each native-AIO
 * disk, and one per distinct iothread that takes such a disk over once the guest's driver starts
 * it.
 */
static uint64_t contexts_needed(const struct domain_facts *d)
{
	const struct domain_disk *disk = d->disks.v;
	struct cpus iothreads = { { 0 } }; /* a set of numbers like any other */
	uint64_t n_native = 0, n_beyond = 0;

	for (size_t i = 0; i < d->disks.n; i++) {
		if (!is_native(&disk[i]))
			continue;
		n_native++;
		if (!disk[i].iothread.known)
			continue;
		if (disk[i].iothread.v < CPUS_MAX)
			cpus_add(&iothreads, (unsigned)disk[i].iothread.v);
		else
			n_beyond++;
	}
	return n_native ? 1 + cpus_count(&iothreads) + n_beyond : 0;
}

static bool uses_native_aio(const struct host *h, struct finding *out)
{
	if (!h->domain.disks.known) {
		finding_say_open(out, "No guest's disks are known.");
		return false;
	}
	if (contexts_needed(&h->domain))
		return true;
	finding_say(out, "No disk of the guest uses native AIO.");
	return false;
}

/* A hostile number beyond the highest power of two stays as it is. */
static uint64_t next_power_of_two(uint64_t v)
{
	uint64_t p = 1;

	while (p < v && p <= UINT64_MAX / 2)
		p *= 2;
	return u64_max(p, v);
}

static void show_holders(const struct host *h, struct finding *out)
{
	const struct aio_holder *v = h->aio.holders.v;

	for (size_t i = 0; i < h->aio.holders.n; i++)
		finding_item(out, "%s (pid %llu) holds %llu AIO context%s",
			     v[i].name.known ? v[i].name.v : "a QEMU process", (ull)v[i].pid.v,
			     (ull)v[i].n_contexts.v, v[i].n_contexts.v == 1 ? "" : "s");
}

struct slots {
	uint64_t contexts, need, free;
	bool is_running;
};

static struct slots count_slots(const struct host *h, struct finding *out)
{
	const uint64_t nr = h->aio.nr.v, max = h->aio.max_nr.v;
	struct slots s = {
		.contexts = contexts_needed(&h->domain),
		.free = max > nr ? max - nr : 0,
		.is_running = host_runs_domain(h),
	};

	s.need = s.contexts * SLOTS_PER_CONTEXT;
	finding_fill(out, "want", "%llu",
		     (ull)u64_max(next_power_of_two(2 * (nr + s.need)), LIMIT_DEFAULT));
	finding_fill(out, "old", "%llu", (ull)max);
	return s;
}

static enum verdict judge_headroom(const struct host *h, struct finding *out)
{
	const struct slots s = count_slots(h, out);

	show_holders(h, out);
	if (s.is_running) {
		finding_say(out,
			    "The guest runs; %llu of %llu AIO slots are free, starting it takes "
			    "%llu.",
			    (ull)s.free, (ull)h->aio.max_nr.v, (ull)s.need);
		return VERDICT_PASS;
	}
	if (s.free >= s.need) {
		finding_say(out, "%llu of %llu AIO slots are free, the guest needs %llu.",
			    (ull)s.free, (ull)h->aio.max_nr.v, (ull)s.need);
		return VERDICT_PASS;
	}
	/* Without the first one QEMU gives up; without a later one it does with less, and so do
	 * QEMU 8.1 and later in either case. */
	finding_item(out,
		     "QEMU will say: Unable to use native AIO%s: failed to create linux AIO "
		     "context: Resource temporarily unavailable",
		     s.free < SLOTS_PER_CONTEXT ? "" : ", falling back to thread pool");
	finding_say(out,
		    "The guest needs %llu AIO slots (%llu contexts of %d), %llu of %llu are free: "
		    "%s.",
		    (ull)s.need, (ull)s.contexts, SLOTS_PER_CONTEXT, (ull)s.free,
		    (ull)h->aio.max_nr.v,
		    s.free < SLOTS_PER_CONTEXT ? "it cannot start"
					       : "its iothreads fall back to a pool of threads");
	return VERDICT_PROBLEM;
}

static enum verdict judge_max_nr(const struct host *h, struct finding *out)
{
	const struct slots s = count_slots(h, out);
	const uint64_t max = h->aio.max_nr.v, in_use = h->aio.nr.v;
	const uint64_t least = s.is_running ? in_use : in_use + s.need;

	if (max < least) {
		finding_say(out, "fs.aio-max-nr is %llu; with this guest %llu are needed.",
			    (ull)max, (ull)least);
		return VERDICT_PROBLEM;
	}
	/* The guest runs, but after a restart of another one the two no longer fit. */
	if (s.is_running && s.free < s.need) {
		finding_say(out,
			    "fs.aio-max-nr is %llu and %llu are in use: a second guest of this "
			    "size would not start.",
			    (ull)max, (ull)in_use);
		return VERDICT_ADVICE;
	}
	finding_say(out,
		    "fs.aio-max-nr is %llu, enough for the %llu in use and the %llu of this "
		    "guest.",
		    (ull)max, (ull)in_use, (ull)s.need);
	return VERDICT_PASS;
}

static const struct rule rules[] = {
	{
		.id = "aio.headroom",
		.applies = uses_native_aio,
		.reads = READS(READ(aio.nr), READ(aio.max_nr)),
		.judge = judge_headroom,
	},
	{
		.id = "aio.max-nr",
		.applies = uses_native_aio,
		.reads = READS(READ(aio.nr), READ(aio.max_nr)),
		.judge = judge_max_nr,
	},
};

const struct rule_set rules_aio = { rules, ARRAY_SIZE(rules) };
