/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/exits_mapped.h"

#include <linux/kvm.h>
#include <string.h>

#include "probes/microguest/kvm.h"

/* A machine has some 20 counters of 60 bytes. */
#define STATS_SIZE_MAX (64 * KIB)

static const struct {
	const char *name;
	uint64_t kib;
} counters[] = { { "pages_1g", GIB / KIB }, { "pages_2m", MIB * 2 / KIB }, { "pages_4k", 4 } };

/* A piece of the statistics; NULL: it is not all there. */
static const uint8_t *piece(const uint8_t *bytes, size_t n_bytes, uint64_t at, uint64_t n)
{
	return at <= n_bytes && n <= n_bytes - at ? bytes + at : NULL;
}

static int read_value(const uint8_t *bytes, size_t n_bytes, const struct kvm_stats_header *h,
		      const struct kvm_stats_desc *d, uint64_t *ret_value)
{
	const uint8_t *at = d->size >= 1
				    ? piece(bytes, n_bytes, (uint64_t)h->data_offset + d->offset,
					    sizeof(*ret_value))
				    : NULL;

	if (!at)
		return -EBADMSG;
	memcpy(ret_value, at, sizeof(*ret_value));
	return 0;
}

int exits_stats_value(const uint8_t *bytes, size_t n_bytes, const char *name, uint64_t *ret_value)
{
	const uint8_t *at = piece(bytes, n_bytes, 0, sizeof(struct kvm_stats_header));
	struct kvm_stats_header h;
	uint64_t desc_size;

	if (!at)
		return -EBADMSG;
	memcpy(&h, at, sizeof(h));
	desc_size = sizeof(struct kvm_stats_desc) + (uint64_t)h.name_size;
	for (uint64_t i = 0; i < h.num_desc; i++) {
		struct kvm_stats_desc d;

		at = piece(bytes, n_bytes, h.desc_offset + i * desc_size, desc_size);
		if (!at)
			return -EBADMSG;
		memcpy(&d, at, sizeof(d));
		at += sizeof(d);
		if (memchr(at, 0, h.name_size) && strcmp((const char *)at, name) == 0)
			return read_value(bytes, n_bytes, &h, &d, ret_value);
	}
	return -ENOENT;
}

int exits_mapped_kib(const uint8_t *bytes, size_t n_bytes, uint64_t size_kib, uint64_t *ret_kib)
{
	for (size_t i = 0; i < ARRAY_SIZE(counters); i++) {
		uint64_t n_pages;
		int r = exits_stats_value(bytes, n_bytes, counters[i].name, &n_pages);

		if (r < 0)
			return r;
		if (n_pages > 0 && n_pages >= size_kib / 2 / counters[i].kib) {
			*ret_kib = counters[i].kib;
			return 0;
		}
	}
	return -ENODATA;
}

int exits_stats_read(int vm_fd, uint8_t **ret_bytes, size_t *ret_n)
{
	auto_free uint8_t *bytes = malloc(STATS_SIZE_MAX);
	auto_fd int fd = kvm_ioctl(vm_fd, KVM_GET_STATS_FD, NULL);
	size_t n = 0;

	if (!bytes)
		return -ENOMEM;
	if (fd < 0)
		return fd;
	while (n < STATS_SIZE_MAX) {
		ssize_t r = pread(fd, bytes + n, STATS_SIZE_MAX - n, (off_t)n);

		if (r < 0)
			return neg_errno();
		if (r == 0)
			break;
		n += (size_t)r;
	}
	*ret_bytes = bytes;
	*ret_n = n;
	bytes = NULL;
	return 0;
}
