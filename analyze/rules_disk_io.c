/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_disk_io.c - how QEMU reaches the data of the guest's disks: media, caches, kinds of AIO. */
#include <string.h>

#include "analyze/disks.h"
#include "analyze/guest_config.h"
#include "core/text.h"

typedef unsigned long long ull;

/* Less of an image on the disk than this is sparse. */
#define FULL_PERMILLE 990

/* A data disk through a file or device of the host. */
static bool has_io(const struct domain_disk *d)
{
	return disk_is_data(d) && disk_has_host_io(d);
}

static bool has_io_disk(const struct host *h, struct finding *out)
{
	if (!guest_has_data_disk(h, out))
		return false;
	for (size_t i = 0; i < h->domain.disks.n; i++) {
		if (has_io(&disks_of(h)[i]))
			return true;
	}
	if (!h->domain.disks.known)
		return true;
	finding_say(out, "No disk is a file or device of the host.");
	return false;
}

static size_t n_io_disks(const struct host *h)
{
	size_t n = 0;

	for (size_t i = 0; i < h->domain.disks.n; i++)
		n += has_io(&disks_of(h)[i]);
	return n;
}

static enum verdict judge_raw(const struct host *h, struct finding *out)
{
	const char *first = NULL;
	size_t n = 0;

	for (size_t i = 0; i < h->domain.disks.n; i++) {
		const struct domain_disk *d = &disks_of(h)[i];

		if (!has_io(d) || !d->format.known || !strcmp(d->format.v, "raw"))
			continue;
		n++;
		finding_item(out, "%s: %s", disk_words(h, i, out), d->format.v);
		if (!first && d->source.known)
			first = d->source.v;
	}
	if (!n) {
		finding_say(out, "Disks of the guest are raw.");
		return VERDICT_PASS;
	}
	finding_fill_quoted(out, "image", first ? first : "IMAGE");
	finding_say(out,
		    "%s in an image format that looks clusters up and may have to allocate them "
		    "at a write.",
		    disks_are_words(out, n, n_io_disks(h)));
	return VERDICT_ADVICE;
}

/* sda, nvme0n1p2, vdb: a name that the kernel gives in the order in which it finds disks. */
static const char *kernel_name(const struct domain_disk *d)
{
	static const char *const prefixes[] = { "sd", "hd", "vd", "xvd", "nvme", "mmcblk" };
	const char *name;

	if (!d->source.known || strncmp(d->source.v, "/dev/", 5) != 0)
		return NULL;
	name = d->source.v + 5;
	for (size_t i = 0; i < ARRAY_SIZE(prefixes) && !strchr(name, '/'); i++) {
		if (text_starts(text_of(name), prefixes[i]))
			return name;
	}
	return NULL;
}

static bool is_device(const struct domain_disk *d)
{
	return disk_is_data(d) && d->source.known && !strncmp(d->source.v, "/dev/", 5);
}

static bool has_device(const struct host *h, struct finding *out)
{
	if (!guest_has_data_disk(h, out))
		return false;
	for (size_t i = 0; i < h->domain.disks.n; i++) {
		if (is_device(&disks_of(h)[i]))
			return true;
	}
	if (!h->domain.disks.known)
		return true;
	finding_say(out, "No disk is a device of the host.");
	return false;
}

static enum verdict judge_by_id(const struct host *h, struct finding *out)
{
	const char *first = NULL;
	size_t n = 0, n_devices = 0;

	for (size_t i = 0; i < h->domain.disks.n; i++) {
		const char *name = kernel_name(&disks_of(h)[i]);

		n_devices += is_device(&disks_of(h)[i]);
		if (!name || !disk_is_data(&disks_of(h)[i]))
			continue;
		n++;
		finding_item(out, "%s", disk_words(h, i, out));
		if (!first)
			first = name;
	}
	if (!n) {
		finding_say(out, "Devices of the host are named by what they are, not by the order "
				 "in which they were found.");
		return VERDICT_PASS;
	}
	finding_fill_quoted(out, "disk", first);
	finding_say(out,
		    "%s named by the order in which the kernel found it: another boot may "
		    "give the guest another disk.",
		    disks_are_words(out, n, n_devices));
	return VERDICT_ADVICE;
}

static bool is_native(const struct domain_disk *d)
{
	return fact_is(&d->io, "native");
}

/* A disk that libvirt and QEMU refuse: its requests would have to pass the page cache. */
static bool is_refused(const struct domain_disk *d)
{
	return has_io(d) && is_native(d) && !disk_is_direct(d);
}

static const char *cache_words(const struct domain_disk *d)
{
	return d->cache.known ? d->cache.v : "not told, that is writeback";
}

static enum verdict judge_cache(const struct host *h, struct finding *out)
{
	size_t n = 0, n_refused = 0;

	for (size_t i = 0; i < h->domain.disks.n; i++) {
		const struct domain_disk *d = &disks_of(h)[i];

		if (!has_io(d) || disk_is_direct(d))
			continue;
		n++;
		n_refused += is_refused(d);
		finding_item(out, "%s: cache %s", disk_words(h, i, out), cache_words(d));
		finding_change(out, CHANGE_XML, "devices/disk[%zu]/driver@cache=none@io=%s", i + 1,
			       is_native(d) ? "native" : disk_best_io(h, d));
	}
	if (n_refused && !host_runs_domain(h)) {
		finding_say(out,
			    "%s set to io=native without cache none or directsync: the guest is "
			    "refused.",
			    disks_are_words(out, n_refused, n_io_disks(h)));
		return VERDICT_PROBLEM;
	}
	if (n) {
		finding_say(out,
			    "%s cached by the host once more: what is written stalls when the host "
			    "writes it back.",
			    disks_are_words(out, n, n_io_disks(h)));
		return VERDICT_ADVICE;
	}
	finding_say(out, "Disks of the guest go past the page cache of the host.");
	return VERDICT_PASS;
}

static enum verdict judge_io(const struct host *h, struct finding *out)
{
	size_t n = 0, n_direct = 0;

	for (size_t i = 0; i < h->domain.disks.n; i++) {
		const struct domain_disk *d = &disks_of(h)[i];

		if (!has_io(d) || !disk_is_direct(d))
			continue;
		n_direct++;
		if (is_native(d) || fact_is(&d->io, "io_uring"))
			continue;
		n++;
		finding_item(out, "%s: %s", disk_words(h, i, out),
			     d->io.known ? d->io.v : "not told, that is threads");
		finding_change(out, CHANGE_XML, "devices/disk[%zu]/driver@io=%s", i + 1,
			       disk_best_io(h, d));
	}
	if (!n_direct) {
		finding_say(out, "No disk goes past the page cache, which is disk.cache-none.");
		return VERDICT_NOT_APPLICABLE;
	}
	if (n) {
		finding_say(out,
			    "%s served by a pool of threads of QEMU, which run wherever the "
			    "emulator may.",
			    disks_are_words(out, n, n_direct));
		return VERDICT_ADVICE;
	}
	finding_say(out, "%zu disk%s by the kernel's asynchronous I/O (native or io_uring).",
		    n_direct, n_direct == 1 ? " is served" : "s are served");
	return VERDICT_PASS;
}

static bool is_native_image(const struct domain_disk *d)
{
	return has_io(d) && is_native(d) && !fact_is(&d->type, "block");
}

static bool has_native_image(const struct host *h, struct finding *out)
{
	if (!guest_has_data_disk(h, out))
		return false;
	for (size_t i = 0; i < h->domain.disks.n; i++) {
		if (is_native_image(&disks_of(h)[i]))
			return true;
	}
	if (!h->domain.disks.known)
		return true;
	finding_say(out, "No image file is used with io=native.");
	return false;
}

static enum verdict judge_preallocated(const struct host *h, struct finding *out)
{
	size_t n = 0, n_images = 0, n_unknown = 0;

	for (size_t i = 0; i < h->domain.disks.n; i++) {
		const struct domain_disk *d = &disks_of(h)[i];

		if (!is_native_image(d))
			continue;
		n_images++;
		if (!d->size_kib.known || !d->allocated_kib.known) {
			n_unknown++;
			continue;
		}
		if (d->allocated_kib.v / FULL_PERMILLE >= d->size_kib.v / 1000)
			continue;
		if (!n++) {
			finding_fill_quoted(out, "image", d->source.v);
			finding_fill(out, "kib", "%llu", (ull)d->size_kib.v);
		}
		finding_item(out, "%s: %llu of %llu MiB have their place", disk_words(h, i, out),
			     (ull)(d->allocated_kib.v / KIB), (ull)(d->size_kib.v / KIB));
	}
	if (n) {
		finding_say(out,
			    "%s sparse: with io=native the thread that hands a write in waits "
			    "while the file system finds room for it.",
			    disks_are_words(out, n, n_images));
		return VERDICT_ADVICE;
	}
	if (n_unknown) {
		finding_say(out, "How much of the image files is allocated is not known.");
		return VERDICT_UNKNOWN;
	}
	finding_say(out, "Image files with io=native are allocated in full.");
	return VERDICT_PASS;
}

static bool is_solid_state(const struct setup_block *b)
{
	return b->is_rotational.known
		       ? !b->is_rotational.v
		       : text_starts(text_of(b->name.known ? b->name.v : ""), "nvme");
}

/* Schedulers that weigh processes against each other cost more than a fast disk takes. */
static enum verdict judge_scheduler(const struct host *h, struct finding *out)
{
	const struct setup_block *b = h->setup.disks.v;
	size_t n = 0, n_known = 0;

	for (size_t i = 0; i < h->setup.disks.n; i++) {
		if (!b[i].scheduler.known || !b[i].name.known)
			continue;
		n_known++;
		if (!is_solid_state(&b[i]) || !fact_is(&b[i].scheduler, "bfq"))
			continue;
		if (!n++) {
			finding_fill(out, "disk", "%s", b[i].name.v);
			finding_fill(out, "old", "%s", b[i].scheduler.v);
		}
		finding_item(out, "%s: %s", b[i].name.v, b[i].scheduler.v);
	}
	if (n) {
		finding_say(out, "%zu solid-state disk%s the I/O scheduler bfq.", n,
			    n == 1 ? " has" : "s have");
		return VERDICT_ADVICE;
	}
	if (!n_known) {
		finding_say(out, "The I/O schedulers of the host's disks are not known.");
		return VERDICT_UNKNOWN;
	}
	finding_say(out, "No solid-state disk of the host is under bfq.");
	return VERDICT_PASS;
}

static bool has_host_disk(const struct host *h, struct finding *out)
{
	if (!guest_is_known(h, out))
		return false;
	if (h->setup.disks.n || !h->setup.disks.known)
		return true;
	finding_say(out, "The host has no disk.");
	return false;
}

/* Mass storage that needs no emulation: NVMe (01 08) and USB (0c 03) controllers. */
static enum verdict judge_controllers(const struct host *h, struct finding *out)
{
	const struct pci_function *f = h->pci.functions.v;
	const struct fact_strs *passed = &h->domain.host_devices;
	size_t n = 0;

	for (size_t i = 0; i < h->pci.functions.n; i++) {
		const uint64_t class = f[i].class_code.known ? f[i].class_code.v >> 8 : 0;

		if ((class != 0x0108 && class != 0x0c03) || !f[i].address.known ||
		    !guest_list_has(passed, f[i].address.v))
			continue;
		n++;
		finding_item(out, "%s %s", f[i].address.v, f[i].name.known ? f[i].name.v : "");
	}
	if (n) {
		finding_say(out,
			    "%zu NVMe or USB controller%s passed through: no emulation "
			    "stands between the guest and %s.",
			    n, n == 1 ? " is" : "s are", n == 1 ? "it" : "them");
		return VERDICT_PASS;
	}
	finding_say(out, "No NVMe or USB controller is passed through.");
	return VERDICT_NOT_APPLICABLE;
}

static const struct rule rules[] = {
	{
		.id = "disk.raw-block",
		.applies = has_io_disk,
		.reads = READS(READ(domain.disks)),
		.judge = judge_raw,
	},
	{
		.id = "disk.by-id",
		.applies = has_device,
		.reads = READS(READ(domain.disks)),
		.judge = judge_by_id,
	},
	{
		.id = "disk.cache-none",
		.applies = has_io_disk,
		.reads = READS(READ(domain.disks)),
		.judge = judge_cache,
	},
	{
		.id = "disk.io-native",
		.applies = has_io_disk,
		.reads = READS(READ(domain.disks)),
		.judge = judge_io,
	},
	{
		.id = "disk.preallocated",
		.applies = has_native_image,
		.reads = READS(READ(domain.disks)),
		.judge = judge_preallocated,
	},
	{
		.id = "storage.sched",
		.applies = has_host_disk,
		.reads = READS(READ(setup.disks)),
		.judge = judge_scheduler,
	},
	{
		.id = "storage.nvme-pt",
		.applies = guest_has_vfio,
		.reads = READS(READ(pci.functions)),
		.judge = judge_controllers,
	},
};

const struct rule_set rules_disk_io = { rules, ARRAY_SIZE(rules) };
