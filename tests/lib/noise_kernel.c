/* SPDX-License-Identifier: GPL-2.0-or-later */
/* noise_kernel.c - work for the kernel's own threads and interrupt handlers. */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

#include "tests/lib/noise.h"

enum { PAGE = 4096, DISK_MIB = 16, SAME_MIB = 64, SMALL_MIB = 256, RNG_BYTES = 64 };

/* Reads until the time is over; a file from the start again after its end. */
static int read_on(const struct noise *noise, int fd, char *buf, size_t size)
{
	const uint64_t start_ns = noise_now_ns();

	while (noise_now_ns() - start_ns < noise->duration_ns) {
		const ssize_t n = read(fd, buf, size);

		if (n < 0 || (!n && lseek(fd, 0, SEEK_SET)))
			return neg_errno();
	}
	return 0;
}

static int read_file(const struct noise *noise, size_t size, int flags,
		     struct noise_amount *ret_amount)
{
	auto_fd int fd = noise->args[0] ? open(noise->args[0], O_RDONLY | O_CLOEXEC | flags) : -1;
	auto_free void *buf = NULL;
	int r;

	if (fd < 0)
		return neg_errno();
	if (posix_memalign(&buf, PAGE, size))
		return -ENOMEM;
	r = read_on(noise, fd, buf, size);
	if (r >= 0)
		*ret_amount = (struct noise_amount){ UINT64_MAX, UINT64_MAX };
	return r;
}

int noise_interrupt(const struct noise *noise, struct noise_amount *ret_amount)
{
	return read_file(noise, RNG_BYTES, 0, ret_amount);
}

/* So much at once that the queue is full: then workers go on with it. */
int noise_read(const struct noise *noise, struct noise_amount *ret_amount)
{
	return read_file(noise, DISK_MIB * MIB, O_DIRECT, ret_amount);
}

static char *map(size_t size)
{
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

int noise_ksm(const struct noise *noise, struct noise_amount *ret_amount)
{
	const size_t size = SAME_MIB * MIB;
	char *p = map(size);
	int r;

	if (!p)
		return neg_errno();
	/* All different: looked at in each round, and never merged. */
	for (size_t i = 0; i < size; i += PAGE)
		memcpy(p + i, &i, sizeof(i));
	r = madvise(p, size, MADV_MERGEABLE) ? neg_errno() : 0;
	if (r >= 0)
		noise_sleep_until(noise_now_ns() + noise->duration_ns);
	if (r >= 0)
		*ret_amount = (struct noise_amount){ UINT64_MAX, UINT64_MAX };
	munmap(p, size);
	return r;
}

int noise_huge(const struct noise *noise, struct noise_amount *ret_amount)
{
	const size_t size = SMALL_MIB * MIB;
	char *p = map(size);
	int r;

	if (!p)
		return neg_errno();
	r = madvise(p, size, MADV_NOHUGEPAGE) ? neg_errno() : 0;
	for (size_t i = 0; r >= 0 && i < size; i += PAGE)
		p[i] = 1;
	if (r >= 0 && madvise(p, size, MADV_HUGEPAGE))
		r = neg_errno();
	if (r >= 0)
		noise_sleep_until(noise_now_ns() + noise->duration_ns);
	if (r >= 0)
		*ret_amount = (struct noise_amount){ UINT64_MAX, UINT64_MAX };
	munmap(p, size);
	return r;
}
