/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/fleet_read.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "analyze/host.h"
#include "analyze/record.h"
#include "cli/input.h"

enum { THREADS_MAX = 4 };

/* What is kept of one file until the fleet has it. */
#define MEMORY_MAX (64 * MIB)
/* A document takes some 30 times its text: of large ones one is read at a time. */
#define LARGE        (2 * MIB)
#define DOCUMENT_MAX (512 * MIB)

struct crew {
	struct fleet_read *reads;
	size_t n;
	atomic_size_t next;
	pthread_mutex_t large;
};

static int read_text(const char *path, char **ret_text, size_t *ret_len)
{
	struct stat st;
	auto_fd int fd = input_open(path, &st);
	auto_free char *text = NULL;
	size_t len = 0, size;

	if (fd < 0)
		return fd;
	if (st.st_size > (off_t)FLEET_FILE_MAX)
		return -EFBIG;
	/* A file that grows meanwhile ends where it ended: it is then no whole document. */
	size = (size_t)st.st_size;
	text = malloc(size + 1);
	if (!text)
		return -ENOMEM;
	while (len < size) {
		const ssize_t n = read(fd, text + len, size - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return neg_errno();
		if (n == 0)
			break;
		len += (size_t)n;
	}
	*ret_text = text;
	*ret_len = len;
	text = NULL;
	return 0;
}

static const char *why_not_read(int r)
{
	return r == -EINVAL ? "not a file" : r == -EFBIG ? "larger than 10 MiB" : strerror(-r);
}

static int decode(struct fleet_read *read, const struct doc *d)
{
	static const struct findings none = { 0 };
	auto_host struct host *h = NULL;
	auto_free char *why = NULL;
	int r = host_new(d, &h, &why);

	if (r < 0) {
		read->why = why ? arena_strdup(&read->arena, why) : strerror(-r);
		return r;
	}
	r = record_make(h, &none, &read->arena, &read->record, &read->why);
	if (r == 0)
		r = fleet_session_make(h, &read->record, &read->arena, &read->session);
	/* A text of the host's own, which ends with it. */
	if (r == 0 && read->session.kernel.known)
		r = fact_set_str(&read->session.kernel, &read->arena, read->session.kernel.v);
	return r;
}

static void read_one(struct crew *crew, struct fleet_read *read)
{
	auto_arena struct arena a = { .max = DOCUMENT_MAX };
	const struct doc *d = NULL;
	auto_free char *text = NULL;
	struct doc_error error;
	size_t len = 0;
	bool is_large;
	int r = read_text(read->path, &text, &len);

	read->arena.max = MEMORY_MAX;
	if (r < 0) {
		read->why = arena_strdup(&read->arena, why_not_read(r));
		read->result = r;
		return;
	}
	is_large = len > LARGE;
	if (is_large)
		pthread_mutex_lock(&crew->large);
	r = doc_parse_in(&a, text, len, &d, &error);
	if (r == -EBADMSG)
		read->why = arena_printf(&read->arena, "not a result: line %u, column %u: %s",
					 error.line, error.column, error.message);
	else if (r == 0)
		r = decode(read, d);
	arena_release(&a);
	if (is_large)
		pthread_mutex_unlock(&crew->large);
	if (r < 0 && !read->why)
		read->why = strerror(-r);
	read->result = r;
}

static void *work(void *arg)
{
	struct crew *crew = arg;
	size_t i;

	while ((i = atomic_fetch_add(&crew->next, 1)) < crew->n)
		read_one(crew, &crew->reads[i]);
	return NULL;
}

void fleet_read_all(struct fleet_read *reads, size_t n)
{
	struct crew crew = { .reads = reads, .n = n, .large = PTHREAD_MUTEX_INITIALIZER };
	const long n_cpus = sysconf(_SC_NPROCESSORS_ONLN);
	pthread_t threads[THREADS_MAX - 1];
	size_t n_threads = 0;

	/* This thread is one of them: without another it reads all. */
	while (n_threads + 1 < THREADS_MAX && (long)n_threads + 1 < n_cpus && n_threads + 1 < n &&
	       !pthread_create(&threads[n_threads], NULL, work, &crew))
		n_threads++;
	work(&crew);
	while (n_threads)
		pthread_join(threads[--n_threads], NULL);
	pthread_mutex_destroy(&crew.large);
}

void fleet_read_release(struct fleet_read *read)
{
	arena_release(&read->arena);
}
