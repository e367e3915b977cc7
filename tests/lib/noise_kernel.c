/* SPDX-License-Identifier: GPL-2.0-or-later */
/* noise_kernel.c - work for the kernel's own threads and interrupt handlers. */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

#include "tests/lib/noise.h"

enum { PAGE = 4096, DISK_MIB = 16, SAME_MIB = 64, SMALL_MIB = 256, RNG_BYTES = 64 };

/* "kworker/1:0H-kblockd": of high priority, for one CPU. */
static bool is_fast_worker(const char *comm, unsigned cpu)
{
	unsigned of_cpu, id;
	char level;

	return sscanf(comm, "kworker/%u:%u%c", &of_cpu, &id, &level) == 3 && of_cpu == cpu &&
	       level == 'H';
}

static int add_worker(const char *pid, unsigned cpu, struct noise_amount *sum)
{
	auto_free char *path = NULL;
	auto_file FILE *f = NULL;
	struct noise_amount used;
	char comm[64];

	if (asprintf(&path, "/proc/%s/comm", pid) < 0)
		return -ENOMEM;
	f = fopen(path, "re");
	if (!f || !fgets(comm, sizeof(comm), f) || !is_fast_worker(comm, cpu))
		return 0;
	if (noise_thread((pid_t)strtol(pid, NULL, 10), &used) >= 0) {
		sum->ns += used.ns;
		sum->n += used.n;
	}
	return 0;
}

static int count_workers(unsigned cpu, struct noise_amount *ret_sum)
{
	DIR *proc = opendir("/proc");
	const struct dirent *entry;
	int r = 0;

	if (!proc)
		return neg_errno();
	*ret_sum = (struct noise_amount){ 0, 0 };
	while (r >= 0 && (entry = readdir(proc))) {
		if (isdigit((unsigned char)entry->d_name[0]))
			r = add_worker(entry->d_name, cpu, ret_sum);
	}
	closedir(proc);
	return r;
}

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
	struct noise_amount before, after;
	int r;

	if (fd < 0)
		return neg_errno();
	if (posix_memalign(&buf, PAGE, size))
		return -ENOMEM;
	r = count_workers(noise->cpu, &before);
	if (r >= 0)
		r = read_on(noise, fd, buf, size);
	if (r >= 0)
		r = count_workers(noise->cpu, &after);
	if (r >= 0)
		*ret_amount = (struct noise_amount){ after.ns - before.ns, after.n - before.n };
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

/* Memory is there; for so long a kernel thread works on it. */
static int watch_thread(const struct noise *noise, struct noise_amount *ret_amount)
{
	const uint64_t end_ns = noise_now_ns() + noise->duration_ns;
	struct noise_amount before, after;
	uint64_t tid;
	int r = noise_number(noise->args[0], &tid);

	if (r >= 0)
		r = noise_thread((pid_t)tid, &before);
	if (r >= 0)
		noise_sleep_until(end_ns);
	if (r >= 0)
		r = noise_thread((pid_t)tid, &after);
	if (r >= 0)
		*ret_amount = (struct noise_amount){ after.ns - before.ns, UINT64_MAX };
	return r;
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
		r = watch_thread(noise, ret_amount);
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
		r = watch_thread(noise, ret_amount);
	munmap(p, size);
	return r;
}
