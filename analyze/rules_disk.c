/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_disk.c - what the disks of the guest hang on: buses, queues, iothreads, media. */
#include <string.h>

#include "analyze/disks.h"
#include "analyze/guest_config.h"

typedef unsigned long long ull;

static size_t n_data_disks(const struct host *h)
{
	size_t n = 0;

	for (size_t i = 0; i < h->domain.disks.n; i++)
		n += disk_is_data(&disks_of(h)[i]);
	return n;
}

/* A line of the XML has a target of this name. Without the XML no name is taken. */
static bool is_target_used(const struct host *h, const char *name)
{
	for (size_t i = 0; i < h->domain.xml.n; i++) {
		const char *at = strstr(h->domain.xml.v[i], name);

		if (at && at > h->domain.xml.v[i] && (at[-1] == '\'' || at[-1] == '"') &&
		    at[3] == at[-1])
			return true;
	}
	return false;
}

/* The next name of a virtio disk that is free: "vda"; *letter is where to go on. */
static const char *free_target(const struct host *h, char *letter, struct finding *out)
{
	const char *name = "vdz";

	while (*letter < 'z') {
		name = finding_text(out, "vd%c", *letter);
		(*letter)++;
		if (!is_target_used(h, name))
			break;
	}
	return name;
}

static enum verdict judge_bus(const struct host *h, struct finding *out)
{
	size_t n = 0;
	char letter = 'a';

	for (size_t i = 0; i < h->domain.disks.n; i++) {
		const struct domain_disk *d = &disks_of(h)[i];

		if (!disk_is_data(d) || !disk_is_emulated(d))
			continue;
		n++;
		finding_item(out, "%s: %s", disk_words(h, i, out), d->bus.v);
		finding_change(out, CHANGE_XML, "devices/disk[%zu]/target@dev=%s@bus=virtio", i + 1,
			       free_target(h, &letter, out));
		finding_change(out, CHANGE_XML, "devices/disk[%zu]/driver@iothread=1", i + 1);
		finding_change(out, CHANGE_XML, "-devices/disk[%zu]/address", i + 1);
	}
	if (n && !(h->domain.n_iothreads.known && h->domain.n_iothreads.v))
		finding_change(out, CHANGE_XML, "iothreads:=1");
	if (n) {
		finding_say(out,
			    "%s on an emulated controller: the guest leaves for QEMU at every "
			    "access to its registers.",
			    disks_are_words(out, n, n_data_disks(h)));
		return VERDICT_ADVICE;
	}
	for (size_t i = 0; i < h->domain.disks.n; i++) {
		if (disk_is_data(&disks_of(h)[i]) && !disks_of(h)[i].bus.known) {
			finding_say(out, "The bus of %s is not told.", disk_words(h, i, out));
			return VERDICT_UNKNOWN;
		}
	}
	finding_say(out, "No disk is on an emulated SATA, IDE or USB controller.");
	return VERDICT_PASS;
}

static enum verdict judge_media(const struct host *h, struct finding *out)
{
	size_t n = 0;

	for (size_t i = 0; i < h->domain.disks.n; i++) {
		const struct domain_disk *d = &disks_of(h)[i];

		if (disk_is_data(d) || !d->source.known)
			continue;
		n++;
		finding_item(out, "%s", disk_words(h, i, out));
		finding_change(out, CHANGE_XML, "-devices/disk[%zu]/source", i + 1);
	}
	if (!n) {
		finding_say(out, "No installation medium is inserted.");
		return VERDICT_PASS;
	}
	finding_say(out, "%zu removable disk%s a medium inserted, as for an installation.", n,
		    n == 1 ? " has" : "s have");
	return VERDICT_ADVICE;
}

static bool has_disks(const struct host *h, struct finding *out)
{
	if (!guest_is_known(h, out))
		return false;
	if (h->domain.disks.n || !h->domain.disks.known)
		return true;
	finding_say(out, "The guest has no disk but those on controllers passed through.");
	return false;
}

static bool has_paravirtual_bus(const struct host *h, struct finding *out)
{
	if (!guest_has_data_disk(h, out))
		return false;
	for (size_t i = 0; i < h->domain.disks.n; i++) {
		const struct domain_disk *d = &disks_of(h)[i];

		if (disk_is_data(d) && (fact_is(&d->bus, "virtio") || fact_is(&d->bus, "scsi")))
			return true;
	}
	if (!h->domain.disks.known)
		return true;
	finding_say(out, "No disk is on virtio or SCSI.");
	return false;
}

/* By its place among the controllers: 1 is the first; 0: not there. */
static size_t controller_place(const struct host *h, const struct domain_controller *c)
{
	const struct domain_controller *first = h->domain.controllers.v;

	return c ? (size_t)(c - first) + 1 : 0;
}

static enum verdict judge_virtio_scsi(const struct host *h, struct finding *out)
{
	const char *model = NULL;
	size_t n = 0;

	for (size_t i = 0; i < h->domain.disks.n; i++) {
		const struct domain_disk *d = &disks_of(h)[i];
		const struct domain_controller *c = disk_controller(h, d);

		if (!disk_is_data(d) || !fact_is(&d->bus, "scsi") || disk_is_virtio(h, d))
			continue;
		n++;
		finding_item(out, "%s: %s", disk_words(h, i, out), c->model.v);
		if (!model)
			finding_change(out, CHANGE_XML, "devices/controller[%zu]@model=virtio-scsi",
				       controller_place(h, c));
		model = c->model.v;
	}
	if (!n) {
		finding_say(out, "Disks on virtio or SCSI are on virtio-blk or virtio-scsi.");
		return VERDICT_PASS;
	}
	finding_say(out, "%s on an emulated SCSI controller (%s), not on virtio-scsi.",
		    disks_are_words(out, n, n_data_disks(h)), model);
	return VERDICT_ADVICE;
}

/* Disks that an iothread serves; the highest number of one is *ret_highest. */
static size_t n_served(const struct host *h, uint64_t *ret_highest)
{
	const struct domain_controller *c = h->domain.controllers.v;
	size_t n = 0;

	*ret_highest = 0;
	for (size_t i = 0; i < h->domain.disks.n; i++) {
		if (!disks_of(h)[i].iothread.known)
			continue;
		n++;
		*ret_highest = u64_max(*ret_highest, disks_of(h)[i].iothread.v);
	}
	for (size_t i = 0; i < h->domain.controllers.n; i++) {
		if (!c[i].iothread.known)
			continue;
		n++;
		*ret_highest = u64_max(*ret_highest, c[i].iothread.v);
	}
	return n;
}

/* Gives the disks that can have one an iothread, in turn; returns how many. */
static size_t hand_out(const struct host *h, uint64_t n_iothreads, struct finding *out)
{
	size_t n = 0;

	for (size_t i = 0; i < h->domain.disks.n; i++) {
		const struct domain_disk *d = &disks_of(h)[i];
		const struct domain_controller *c = disk_controller(h, d);
		const uint64_t iothread = 1 + n % u64_max(n_iothreads, 1);

		if (!disk_is_data(d) || !disk_is_virtio(h, d))
			continue;
		n++;
		if (fact_is(&d->bus, "virtio"))
			finding_change(out, CHANGE_XML, "devices/disk[%zu]/driver@iothread=%llu",
				       i + 1, (ull)iothread);
		else if (c)
			finding_change(out, CHANGE_XML,
				       "devices/controller[%zu]/driver@iothread=%llu",
				       controller_place(h, c), (ull)iothread);
		finding_item(out, "%s: iothread %llu", disk_words(h, i, out), (ull)iothread);
	}
	return n;
}

static enum verdict judge_unused(const struct host *h, struct finding *out)
{
	const uint64_t n_iothreads = h->domain.n_iothreads.v;

	if (!hand_out(h, n_iothreads, out)) {
		finding_item(out,
			     "no disk is on virtio-blk or virtio-scsi, which alone can have one");
		/* A disk on another bus gets it from disk.emulated-bus. */
		if (!n_data_disks(h))
			finding_change(out, CHANGE_XML,
				       "-iothreads\n-iothreadids\n-cputune/iothreadpin\n"
				       "-cputune/iothreadsched");
	}
	finding_say(out, "%llu iothread%s, and no disk uses %s.", (ull)n_iothreads,
		    n_iothreads == 1 ? " is configured" : "s are configured",
		    n_iothreads == 1 ? "it" : "them");
	return VERDICT_ADVICE;
}

static enum verdict judge_iothread(const struct host *h, struct finding *out)
{
	const uint64_t n_iothreads = h->domain.n_iothreads.known ? h->domain.n_iothreads.v : 0;
	uint64_t highest;
	const size_t n = n_served(h, &highest);

	if (n && !n_iothreads && !host_runs_domain(h)) {
		finding_change(out, CHANGE_XML, "iothreads:=%llu", (ull)u64_max(highest, 1));
		finding_say(out,
			    "A disk or controller names iothread %llu, but none is configured: the "
			    "guest is refused.",
			    (ull)highest);
		return VERDICT_PROBLEM;
	}
	if (n) {
		finding_say(out, "Iothreads serve disks of the guest; whether they keep off its "
				 "CPUs is pin.iothread.");
		return VERDICT_PASS;
	}
	if (n_iothreads)
		return judge_unused(h, out);
	finding_change(out, CHANGE_XML, "iothreads:=1");
	if (hand_out(h, 1, out)) {
		finding_say(out, "No disk has an iothread: QEMU's main loop serves them, between "
				 "all else it does.");
		return VERDICT_ADVICE;
	}
	finding_say(out, "No disk is on virtio-blk or virtio-scsi, which alone can have one.");
	return VERDICT_NOT_APPLICABLE;
}

struct queue_count {
	size_t n_told, n_over;
	uint64_t most;
};

static void count_queues(struct queue_count *c, uint64_t n, uint64_t n_vcpus)
{
	c->n_told++;
	c->n_over += n > n_vcpus;
	c->most = u64_max(c->most, n);
}

/* What both rules of queues say, once they were counted. */
static enum verdict judge_queues(const struct host *h, const char *what,
				 const struct queue_count *c, struct finding *out)
{
	const ull n_vcpus = (ull)h->domain.n_vcpus.v;

	if (!c->n_told) {
		finding_say(out,
			    "No queues are told for %s; QEMU 5.2 and later give it one for "
			    "each vCPU.",
			    what);
		return VERDICT_NOT_APPLICABLE;
	}
	if (c->n_over) {
		finding_say(out, "%llu queues for %s, and %llu vCPU%s to use them.", (ull)c->most,
			    what, n_vcpus, n_vcpus == 1 ? "" : "s");
		return VERDICT_ADVICE;
	}
	finding_say(out, "Up to %llu queue%s for %s, of %llu vCPU%s.", (ull)c->most,
		    c->most == 1 ? "" : "s", what, n_vcpus, n_vcpus == 1 ? "" : "s");
	return VERDICT_PASS;
}

static enum verdict judge_scsi_queues(const struct host *h, struct finding *out)
{
	const struct domain_controller *c = h->domain.controllers.v;
	const uint64_t n_vcpus = h->domain.n_vcpus.v;
	struct queue_count count = { 0 };

	for (size_t i = 0; i < h->domain.controllers.n; i++) {
		if (!fact_is(&c[i].type, "scsi") || !c[i].n_queues.known)
			continue;
		count_queues(&count, c[i].n_queues.v, n_vcpus);
		if (c[i].n_queues.v > n_vcpus)
			finding_change(out, CHANGE_XML,
				       "devices/controller[%zu]/driver@queues=%llu", i + 1,
				       (ull)n_vcpus);
	}
	for (size_t i = 0; i < h->domain.disks.n && !count.n_told; i++) {
		if (fact_is(&disks_of(h)[i].bus, "scsi") && disks_of(h)[i].n_queues.known)
			count_queues(&count, disks_of(h)[i].n_queues.v, n_vcpus);
	}
	return judge_queues(h, "the virtio-scsi controller", &count, out);
}

static enum verdict judge_disk_queues(const struct host *h, struct finding *out)
{
	const uint64_t n_vcpus = h->domain.n_vcpus.v;
	struct queue_count count = { 0 };

	for (size_t i = 0; i < h->domain.disks.n; i++) {
		const struct domain_disk *d = &disks_of(h)[i];

		if (!fact_is(&d->bus, "virtio") || !d->n_queues.known)
			continue;
		count_queues(&count, d->n_queues.v, n_vcpus);
		if (d->n_queues.v <= n_vcpus)
			continue;
		finding_item(out, "%s: %llu queues", disk_words(h, i, out), (ull)d->n_queues.v);
		finding_change(out, CHANGE_XML, "devices/disk[%zu]/driver@queues=%llu", i + 1,
			       (ull)n_vcpus);
	}
	return judge_queues(h, "a virtio-blk disk", &count, out);
}

static const struct rule rules[] = {
	{
		.id = "disk.emulated-bus",
		.applies = guest_has_data_disk,
		.reads = READS(READ(domain.disks)),
		.judge = judge_bus,
	},
	{
		.id = "disk.detach-media",
		.applies = has_disks,
		.reads = READS(READ(domain.disks)),
		.judge = judge_media,
	},
	{
		.id = "disk.virtio-scsi",
		.applies = has_paravirtual_bus,
		.reads = READS(READ(domain.disks)),
		.judge = judge_virtio_scsi,
	},
	{
		.id = "disk.scsi-queues",
		.applies = guest_is_known,
		.reads = READS(READ(domain.disks), READ(domain.n_vcpus)),
		.judge = judge_scsi_queues,
	},
	{
		.id = "disk.iothread",
		.applies = guest_is_known,
		.reads = READS(READ(domain.disks)),
		.judge = judge_iothread,
	},
	{
		.id = "disk.queues-thrash",
		.applies = guest_is_known,
		.reads = READS(READ(domain.disks), READ(domain.n_vcpus)),
		.judge = judge_disk_queues,
	},
};

const struct rule_set rules_disk = { rules, ARRAY_SIZE(rules) };
