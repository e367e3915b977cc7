/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_guestmem.c - what may happen to the guest's memory: balloon, locks, merging, first touch.
 */
#include <string.h>

#include "analyze/guest_config.h"
#include "analyze/memory.h"

typedef unsigned long long ull;

/* What VFIO pins beside the memory of the guest: QEMU's own, and room for devices. */
#define BESIDE_KIB (512 * KIB)
/* Room above the guest's memory where QEMU's own is locked as well. */
#define HARD_LIMIT_ROOM_KIB (4 * MIB)
/* Memory that is there of memory that is configured, beyond which it all is. */
#define ALL_PERMILLE 990

static bool asks_for_hugepages(const struct host *h)
{
	return h->domain.has_hugepages.known && h->domain.has_hugepages.v;
}

static bool is_known_true(const struct fact_bool *f)
{
	return f->known && f->v;
}

/* Facts of the memory of the running guest; NULL: none. */
static const struct mm_guest *running_memory(const struct host *h)
{
	const struct mm_guest *g = h->mm.guests.v;

	for (size_t i = 0; h->running && i < h->mm.guests.n; i++) {
		if (g[i].pid.known && h->running->pid.known && g[i].pid.v == h->running->pid.v)
			return &g[i];
	}
	return NULL;
}

/* Of a file that is no XML, what is missing says nothing. */
static bool is_unreadable(const struct host *h, struct finding *out)
{
	if (!h->domain.xml_error.known || h->domain.features.known)
		return false;
	finding_say(out, "The configuration cannot be read: %s.", h->domain.xml_error.v);
	return true;
}

static enum verdict judge_balloon(const struct host *h, struct finding *out)
{
	const struct fact_str *balloon = &h->domain.balloon;

	if (is_unreadable(h, out))
		return VERDICT_UNKNOWN;
	if (balloon->known && !strcmp(balloon->v, "none")) {
		finding_say(out, "The guest has no memory balloon.");
		return VERDICT_PASS;
	}
	if (!balloon->known && guest_is_argv(h)) {
		finding_say(out, "QEMU's arguments have no memory balloon, and QEMU adds none.");
		return VERDICT_PASS;
	}
	finding_say(out, "%s%s",
		    balloon->known
			    ? finding_text(out, "The guest has a memory balloon (%s)", balloon->v)
			    : "Nothing is told of a memory balloon, and libvirt adds one",
		    guest_passes_through_pci(h)
			    ? ", which is of no use: VFIO pins its memory."
			    : ": memory that it takes comes back page by page.");
	return VERDICT_ADVICE;
}

static enum verdict judge_current(const struct host *h, struct finding *out)
{
	const uint64_t memory_kib = h->domain.memory_kib.v;
	const uint64_t now_kib =
		h->domain.current_memory_kib.known ? h->domain.current_memory_kib.v : memory_kib;

	if (now_kib >= memory_kib) {
		finding_say(out, "The guest starts with all of its %llu MiB.",
			    (ull)(memory_kib / KIB));
		return VERDICT_PASS;
	}
	if (fact_is(&h->domain.balloon, "none"))
		finding_item(out, "there is no balloon to take the rest away");
	finding_say(out,
		    "currentMemory is %llu MiB of %llu MiB: the rest is the balloon's, which takes "
		    "it while the guest starts.",
		    (ull)(now_kib / KIB), (ull)(memory_kib / KIB));
	return VERDICT_ADVICE;
}

static enum verdict judge_locked(const struct host *h, struct finding *out)
{
	if (!is_known_true(&h->domain.is_locked)) {
		finding_say(out, "The guest's memory is not asked to be locked%s.",
			    guest_passes_through_pci(h) ? "; VFIO pins it all the same" : "");
		return VERDICT_NOT_APPLICABLE;
	}
	if (guest_is_argv(h)) {
		finding_say(out, "QEMU is told to lock its memory; limits of it are not among its "
				 "arguments.");
		return VERDICT_NOT_APPLICABLE;
	}
	if (h->domain.hard_limit_kib.known) {
		finding_say(out, "The guest's memory is locked, up to %llu MiB.",
			    (ull)(h->domain.hard_limit_kib.v / KIB));
		return VERDICT_PASS;
	}
	if (guest_passes_through_pci(h) || asks_for_hugepages(h) || !h->domain.memory_kib.known) {
		finding_change(out, CHANGE_XML, "-memoryBacking/locked");
		finding_say(out,
			    "The memory is locked without a limit, and %s keeps it in place by "
			    "itself: locking adds QEMU's own memory only.",
			    guest_passes_through_pci(h) ? "VFIO" : "what backs it");
		return VERDICT_ADVICE;
	}
	finding_change(out, CHANGE_XML, "memtune/hard_limit:=%llu",
		       (ull)(h->domain.memory_kib.v + HARD_LIMIT_ROOM_KIB));
	finding_say(out, "The memory is locked without a limit (hard_limit): QEMU may lock all of "
			 "the host's.");
	return VERDICT_ADVICE;
}

static enum verdict judge_nosharepages(const struct host *h, struct finding *out)
{
	const struct mm_guest *running = running_memory(h);

	if (asks_for_hugepages(h)) {
		finding_say(out, "The guest asks for huge pages, which are never merged.");
		return VERDICT_NOT_APPLICABLE;
	}
	if (is_known_true(&h->domain.is_unmergeable)) {
		finding_say(out, "The guest's memory is not to be merged with others'.");
		return VERDICT_PASS;
	}
	if (running && host_runs_domain(h) && running->n_mergeable.known &&
	    !running->n_mergeable.v) {
		finding_say(out, "No memory of the running guest may be merged.");
		return VERDICT_PASS;
	}
	if (!h->mm.ksm_run.known) {
		finding_say(out, "Whether the kernel merges pages is not known.");
		return VERDICT_UNKNOWN;
	}
	if (h->mm.ksm_run.v != 1) {
		finding_say(out, "The kernel merges no pages (ksm/run is %llu).",
			    (ull)h->mm.ksm_run.v);
		return VERDICT_PASS;
	}
	finding_say(out, "The kernel merges equal pages (ksm/run is 1) and may do so with those of "
			 "the guest: a write to one then has to copy it.");
	return VERDICT_ADVICE;
}

/* Why all memory is there from the start; NULL: it is not. */
static const char *why_touched(const struct host *h)
{
	if (guest_passes_through_pci(h))
		return "VFIO pins all of it";
	if (fact_is(&h->domain.memory_allocation, "immediate"))
		return "it is allocated at once";
	if (asks_for_hugepages(h) && !guest_is_argv(h))
		return "libvirt has QEMU touch huge pages";
	if (is_known_true(&h->domain.is_locked))
		return "it is locked";
	return NULL;
}

static bool is_all_resident(const struct host *h)
{
	const struct guest_backing *b = h->running ? h->running->backing.v : NULL;
	uint64_t size_kib = 0, resident_kib = 0;

	for (size_t i = 0; host_runs_domain(h) && b && i < h->running->backing.n; i++) {
		size_kib += b[i].size_kib.v;
		resident_kib += b[i].is_hugetlb.v ? b[i].size_kib.v : b[i].resident_kib.v;
	}
	return size_kib && resident_kib / ALL_PERMILLE >= size_kib / 1000;
}

static enum verdict judge_prealloc(const struct host *h, struct finding *out)
{
	if (is_unreadable(h, out))
		return VERDICT_UNKNOWN;
	if (why_touched(h)) {
		finding_say(out, "The guest has all of its memory from the start: %s.",
			    why_touched(h));
		return VERDICT_PASS;
	}
	if (is_all_resident(h)) {
		finding_measured(out, 0);
		finding_say(out, "The running guest has all of its memory.");
		return VERDICT_PASS;
	}
	finding_say(out, "The host finds memory when the guest first touches it: a page fault of "
			 "the host in the midst of the guest's work.");
	return VERDICT_ADVICE;
}

static bool needs_memlock(const struct host *h, struct finding *out)
{
	const char *manager = h->running && h->running->manager.known ? h->running->manager.v
			      : h->domain.manager.known               ? h->domain.manager.v
								      : "libvirt";

	if (!guest_has_vfio(h, out))
		return false;
	if (!guest_is_argv(h) || !strcmp(manager, "libvirt"))
		finding_say(out, "libvirt sets the limit of locked memory for VFIO itself.");
	else if (!strcmp(manager, "proxmox"))
		finding_say(out, "Proxmox runs QEMU as root, without such a limit.");
	else
		return true;
	return false;
}

static enum verdict judge_memlock(const struct host *h, struct finding *out)
{
	const struct mm_guest *running = running_memory(h);
	const uint64_t wanted_kib = h->domain.memory_kib.v + BESIDE_KIB;

	finding_fill(out, "kib", "%llu", (ull)wanted_kib);
	if (!running) {
		finding_say(out,
			    "VFIO will lock %llu MiB; the limit of the user who starts QEMU "
			    "shows when it runs.",
			    (ull)(wanted_kib / KIB));
		return VERDICT_UNKNOWN;
	}
	if (is_known_true(&running->is_privileged)) {
		finding_say(out, "QEMU runs as root: no limit of locked memory holds it.");
		return VERDICT_PASS;
	}
	if (is_known_true(&running->is_memlock_unlimited)) {
		finding_say(out, "QEMU has no limit of locked memory.");
		return VERDICT_PASS;
	}
	if (!running->memlock_kib.known) {
		finding_say(out, "The limit of locked memory of QEMU is not known.");
		return VERDICT_UNKNOWN;
	}
	if (running->memlock_kib.v >= wanted_kib) {
		finding_say(out, "QEMU may lock %llu MiB, VFIO needs %llu MiB.",
			    (ull)(running->memlock_kib.v / KIB), (ull)(wanted_kib / KIB));
		return VERDICT_PASS;
	}
	finding_say(
		out,
		"QEMU may lock %llu MiB; with VFIO the guest needs %llu MiB, or a device that is "
		"added fails with \"Cannot allocate memory\".",
		(ull)(running->memlock_kib.v / KIB), (ull)(wanted_kib / KIB));
	return VERDICT_ADVICE;
}

static const struct rule rules[] = {
	{
		.id = "mem.balloon",
		.applies = guest_is_known,
		.judge = judge_balloon,
	},
	{
		.id = "mem.current-below-max",
		.applies = guest_is_known,
		.reads = READS(READ(domain.memory_kib)),
		.judge = judge_current,
	},
	{ .id = "mem.locked", .applies = guest_is_known, .judge = judge_locked },
	{ .id = "mem.nosharepages", .applies = guest_is_known, .judge = judge_nosharepages },
	{
		.id = "mem.prealloc",
		.applies = guest_is_known,
		.judge = judge_prealloc,
	},
	{
		.id = "mem.memlock",
		.applies = needs_memlock,
		.reads = READS(READ(domain.memory_kib)),
		.judge = judge_memlock,
	},
};

const struct rule_set rules_guestmem = { rules, ARRAY_SIZE(rules) };
