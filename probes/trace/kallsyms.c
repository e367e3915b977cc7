/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/kallsyms.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>

#include "core/arena.h"
#include "core/text.h"
#include "probes/trace/text_scan.h"

enum { SYMBOLS_MAX = 1 << 20, NAMES_MAX_BYTES = 64 << 20 };

struct symbol {
	uint64_t address;
	uint32_t line; /* of two of one address the first counts */
	const char *name;
};

struct kallsyms {
	struct sysroot root;
	struct arena names;
	struct symbol *v;
	size_t n, size;
	bool is_read;
	bool has_thread;
	pthread_t thread;
	atomic_bool is_unwanted; /* the thread may stop */
};

struct kallsyms *kallsyms_new(const struct sysroot *root)
{
	struct kallsyms *k = calloc(1, sizeof(*k));

	if (!k)
		return NULL;
	k->root = *root;
	k->names.max = NAMES_MAX_BYTES;
	return k;
}

static void wait_for_thread(struct kallsyms *k)
{
	if (k->has_thread)
		pthread_join(k->thread, NULL);
	k->has_thread = false;
}

void kallsyms_free(struct kallsyms *k)
{
	if (!k)
		return;
	atomic_store(&k->is_unwanted, true);
	wait_for_thread(k);
	free(k->v);
	arena_release(&k->names);
	free(k);
}

size_t kallsyms_n(const struct kallsyms *k)
{
	return k->n;
}

/* False: full. */
static bool add(struct kallsyms *k, uint64_t address, struct text name)
{
	struct symbol *s;

	if (k->n == k->size) {
		const size_t size = k->size ? 2 * k->size : 1 << 16;
		struct symbol *v;

		if (size > SYMBOLS_MAX)
			return false;
		v = reallocarray(k->v, size, sizeof(*v));
		if (!v)
			return false;
		k->v = v;
		k->size = size;
	}
	s = &k->v[k->n];
	*s = (struct symbol){ address, (uint32_t)k->n,
			      arena_strndup(&k->names, name.at, name.len) };
	if (!s->name)
		return false;
	k->n++;
	return true;
}

/* "ffffffff81000000 T _text", "ffffffffc0000000 t nvme_irq	[nvme]" */
static bool add_line(struct kallsyms *k, struct text line)
{
	struct text address, type, name;
	uint64_t at;

	if (!text_next_word(&line, &address) || !text_next_word(&line, &type) ||
	    !text_next_word(&line, &name) || type.len != 1 || !strchr("tTwW", type.at[0]) ||
	    text_hex(address, &at) < 0 || !at)
		return true;
	return add(k, at, name);
}

static int compare(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	return x->line < y->line ? -1 : x->line > y->line;
}

/* What cannot be read has no names: there is nothing to do about it. */
static void read_all(struct kallsyms *k)
{
	auto_fd int fd = sysroot_open_file(&k->root, 0, "/proc/kallsyms");
	auto_file FILE *f = NULL;
	auto_free char *line = NULL;
	size_t size = 0;
	ssize_t n;

	k->is_read = true;
	if (fd < 0)
		return;
	f = fdopen(fd, "r");
	if (!f)
		return;
	fd = -1;
	while (!atomic_load(&k->is_unwanted) && (n = getline(&line, &size, f)) > 0) {
		if (!add_line(k, text_make(line, (size_t)n)))
			break;
	}
	if (k->n)
		qsort(k->v, k->n, sizeof(*k->v), compare);
}

static void *read_in_thread(void *arg)
{
	read_all(arg);
	return NULL;
}

void kallsyms_start(struct kallsyms *k)
{
	sigset_t all, before;

	if (k->is_read || k->has_thread)
		return;
	sigfillset(&all);
	if (pthread_sigmask(SIG_SETMASK, &all, &before) != 0)
		return;
	k->has_thread = pthread_create(&k->thread, NULL, read_in_thread, k) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static const char *find(const struct kallsyms *k, uint64_t address)
{
	size_t low = 0, high = k->n;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (k->v[middle].address < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low < k->n && k->v[low].address == address ? k->v[low].name : NULL;
}

const char *kallsyms_name(void *arg, uint64_t address)
{
	struct kallsyms *k = arg;

	wait_for_thread(k);
	if (!k->is_read)
		read_all(k);
	return find(k, address);
}
