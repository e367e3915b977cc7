/* SPDX-License-Identifier: GPL-2.0-or-later */
/* read.c - files into facts, and gaps for what was not there; documented in probes/probe.h. */
#include <stdarg.h>
#include <string.h>
#include <sys/klog.h>

#include "core/bundle.h"
#include "probes/probe.h"

#define KERNEL_LOG_MAX (1u << 20)

/* Actions of syslog(2). */
enum {
	SYSLOG_READ_ALL = 3,
};

static int add_gap(struct probe_env *env, const char *field, const char *path, const char *error)
{
	struct gap *g = arena_alloc(env->arena, sizeof(*g));

	if (!g)
		return -ENOMEM;
	g->field = arena_printf(env->arena, "%s.%s", env->probe->name, field);
	g->path = arena_strdup(env->arena, path);
	g->error = error;
	if (!g->field || !g->path || !g->error)
		return -ENOMEM;
	*env->gaps_end = g;
	env->gaps_end = &g->next;
	return 0;
}

int probe_gap(struct probe_env *env, const char *field, const char *path, int error)
{
	const char *name = strerrorname_np(-error);

	return add_gap(env, field, path, arena_strdup(env->arena, name ? name : "unknown error"));
}

int probe_gap_words(struct probe_env *env, const char *field, const char *path, const char *fmt,
		    ...)
{
	va_list ap;
	char *words;

	va_start(ap, fmt);
	words = arena_vprintf(env->arena, fmt, ap);
	va_end(ap);
	return add_gap(env, field, path, words);
}

static FORMAT_PRINTF(2, 0) int set_reason(struct probe_env *env, const char *fmt, va_list ap)
{
	env->reason = arena_vprintf(env->arena, fmt, ap);
	return env->reason ? 0 : -ENOMEM;
}

int probe_skip(struct probe_env *env, const char *fmt, ...)
{
	va_list ap;
	int r;

	va_start(ap, fmt);
	r = set_reason(env, fmt, ap);
	va_end(ap);
	env->is_skipped = true;
	return r;
}

int probe_fail(struct probe_env *env, const char *fmt, ...)
{
	va_list ap;
	int r;

	va_start(ap, fmt);
	r = set_reason(env, fmt, ap);
	va_end(ap);
	env->is_failed = true;
	return r;
}

int probe_read_u64(struct probe_env *env, struct fact_u64 *f, const char *field, const char *path)
{
	uint64_t v;
	int r;

	if (!path)
		return -ENOMEM;
	r = sysroot_read_u64(env->root, &v, "%s", path);
	/* Documents hold numbers of 63 bits. */
	if (r == 0 && v > INT64_MAX)
		r = -ERANGE;
	if (r < 0)
		return probe_gap(env, field, path, r);
	fact_set_u64(f, v);
	return 0;
}

int probe_read_str(struct probe_env *env, struct fact_str *f, const char *field, const char *path)
{
	auto_free char *line = NULL;
	int r;

	if (!path)
		return -ENOMEM;
	r = sysroot_read_line(env->root, &line, "%s", path);
	if (r < 0)
		return probe_gap(env, field, path, r);
	return fact_set_str(f, env->arena, line);
}

int probe_read_cpus(struct probe_env *env, struct fact_cpus *f, const char *field, const char *path)
{
	struct cpus set;
	int r;

	if (!path)
		return -ENOMEM;
	r = sysroot_read_list(env->root, &set, "%s", path);
	if (r < 0)
		return probe_gap(env, field, path, r);
	fact_set_cpus(f, &set);
	return 0;
}

int probe_read_text_for(struct probe_env *env, struct text *ret_text, const char *const *fields,
			size_t n_fields, const char *path)
{
	auto_free char *text = NULL;
	char *copy;
	size_t len;
	int r;

	*ret_text = text_make(NULL, 0);
	if (!path)
		return -ENOMEM;
	r = sysroot_read(env->root, &text, &len, "%s", path);
	if (r < 0) {
		const int error = r;

		r = 0;
		for (size_t i = 0; r == 0 && i < n_fields; i++)
			r = probe_gap(env, fields[i], path, error);
		return r;
	}
	copy = arena_memdup(env->arena, text, len);
	if (!copy)
		return -ENOMEM;
	*ret_text = text_make(copy, len);
	return 0;
}

int probe_read_text(struct probe_env *env, struct text *ret_text, const char *field,
		    const char *path)
{
	return probe_read_text_for(env, ret_text, &field, 1, path);
}

/* "KEY VALUE" of the text that has a line for each; at NULL: none. */
static struct text find_answer(struct text rest, const char *key)
{
	const size_t n = strlen(key);
	struct text line;

	while (text_next_line(&rest, &line)) {
		if (line.len > n && line.at[n] == ' ' && text_starts(line, key))
			return text_make(line.at + n + 1, line.len - n - 1);
	}
	return text_make(NULL, 0);
}

const char *probe_answer(struct probe_env *env, const char *fmt, ...)
{
	auto_free char *key = NULL;
	struct text value;
	va_list ap;
	int n;

	if (env->root->is_live || !env->root->is_whole)
		return NULL;
	if (!env->answers.at) {
		auto_free char *text = NULL;
		size_t len;

		if (sysroot_read(env->root, &text, &len, BUNDLE_ANSWERS) < 0)
			return NULL;
		env->answers = text_make(arena_memdup(env->arena, text, len), len);
		if (!env->answers.at)
			return NULL;
	}
	va_start(ap, fmt);
	n = vasprintf(&key, fmt, ap);
	va_end(ap);
	if (n < 0) {
		key = NULL;
		return NULL;
	}
	value = find_answer(env->answers, key);
	return value.at ? arena_strndup(env->arena, value.at, value.len) : NULL;
}

bool probe_answer_u64(struct probe_env *env, struct fact_u64 *f, const char *key)
{
	const char *answer = probe_answer(env, "%s", key);
	uint64_t v;

	if (!answer || text_u64(text_of(answer), &v) < 0 || v > INT64_MAX)
		return false;
	fact_set_u64(f, v);
	return true;
}

bool probe_answer_bool(struct probe_env *env, struct fact_bool *f, const char *key)
{
	const char *answer = probe_answer(env, "%s", key);
	bool v;

	if (!answer || text_bool(text_of(answer), &v) < 0)
		return false;
	fact_set_bool(f, v);
	return true;
}

static int live_kernel_log(struct probe_env *env, struct text *ret_text, const char *field)
{
	char *buf = arena_alloc(env->arena, KERNEL_LOG_MAX);
	int n;

	if (!buf)
		return -ENOMEM;
	n = klogctl(SYSLOG_READ_ALL, buf, (int)KERNEL_LOG_MAX);
	if (n < 0)
		return probe_gap(env, field, "syslog(2)", neg_errno());
	*ret_text = text_make(buf, (size_t)n);
	return 0;
}

int probe_kernel_log(struct probe_env *env, struct text *ret_text, const char *field)
{
	static const char *const paths[] = { "/dmesg", "/var/log/dmesg" };

	*ret_text = text_make(NULL, 0);
	if (env->root->is_live)
		return live_kernel_log(env, ret_text, field);
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		if (sysroot_exists(env->root, "%s", paths[i]) == 0)
			return probe_read_text(env, ret_text, field, paths[i]);
	}
	return probe_gap_words(env, field, paths[0], "the captured tree holds no kernel log");
}
