/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/kernel_config.h"

#include "probes/kernel_names.h"
#include "probes/parse/gunzip.h"
#include "probes/parse/kconfig.h"

/* Some captures have the options as text, under the name of the file they came from. */
static int unpack(char **bytes, size_t len, char **ret_text, size_t *ret_len)
{
	if (text_starts(text_make(*bytes, len), "\x1f\x8b"))
		return gunzip(text_make(*bytes, len), ret_text, ret_len);
	*ret_text = *bytes;
	*ret_len = len;
	*bytes = NULL;
	return 0;
}

/* The text of the first file there is: 0, -ENOENT (none), -EBADMSG, or why it cannot be read. */
static int find_text(struct probe_env *env, const struct kernel_facts *f, const char **ret_path,
		     char **ret_text, size_t *ret_len)
{
	static const struct {
		const char *before, *after;
	} places[] = { { "/boot/config-", "" }, { "/lib/modules/", "/config" } };
	auto_free char *packed = NULL;
	size_t len;
	int r;

	*ret_path = "/proc/config.gz";
	r = sysroot_read(env->root, &packed, &len, "%s", *ret_path);
	if (r == 0)
		return unpack(&packed, len, ret_text, ret_len);
	for (size_t i = 0; r == -ENOENT && f->release.known && i < ARRAY_SIZE(places); i++) {
		*ret_path = arena_printf(env->arena, "%s%s%s", places[i].before, f->release.v,
					 places[i].after);
		if (!*ret_path)
			return -ENOMEM;
		r = sysroot_read(env->root, ret_text, ret_len, "%s", *ret_path);
	}
	return r;
}

/* values[i] becomes the value of kernel_options[i]; .at stays NULL where the text has no such line.
 * The number of options there are in the text, known ones or not. */
static size_t find_options(struct text config, struct text *values)
{
	struct kconfig_option option;
	size_t n = 0;

	for (; kconfig_next(&config, &option); n++) {
		for (size_t i = 0; i < n_kernel_options; i++) {
			if (text_equal(option.name, kernel_options[i]))
				values[i] = option.value;
		}
	}
	return n;
}

static int add_options(struct probe_env *env, struct kernel_facts *f, const struct text *values)
{
	for (size_t i = 0; i < n_kernel_options; i++) {
		struct setting_fact *s = fact_add_item(&f->config, env->arena, sizeof(*s));
		const struct text value = values[i].at ? values[i] : text_of("n");
		int r;

		if (!s)
			return -ENOMEM;
		r = fact_set_str(&s->name, env->arena, kernel_options[i]);
		if (r == 0)
			r = fact_set_text(&s->value, env->arena, value);
		if (r < 0)
			return r;
	}
	return 0;
}

static int no_config(struct probe_env *env, const char *path, int error)
{
	static const char *const fields[] = { "config", "config_path", "hz" };
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(fields); i++) {
		if (error == -ENOENT)
			r = probe_gap_words(env, fields[i], "/proc/config.gz",
					    "neither there nor in /boot or /lib/modules");
		else if (error == -EBADMSG || error == -EFBIG)
			r = probe_gap_words(env, fields[i], path, "is not a kernel configuration");
		else
			r = probe_gap(env, fields[i], path, error);
	}
	return r;
}

int kernel_config_read(struct probe_env *env, struct kernel_facts *f)
{
	auto_free struct text *values = calloc(n_kernel_options, sizeof(*values));
	auto_free char *text = NULL;
	const char *path, *hz;
	size_t len;
	uint64_t v;
	int r = values ? find_text(env, f, &path, &text, &len) : -ENOMEM;

	if (r == -ENOMEM)
		return r;
	if (r == 0 && find_options(text_make(text, len), values) == 0)
		r = -EBADMSG;
	if (r < 0)
		return no_config(env, path, r);
	r = add_options(env, f, values);
	if (r == 0)
		r = fact_set_str(&f->config_path, env->arena, path);
	if (r < 0)
		return r;
	hz = setting_value(&f->config, "HZ");
	if (!hz || text_u64(text_of(hz), &v) < 0)
		return probe_gap_words(env, "hz", path, "names no number of ticks");
	fact_set_u64(&f->hz, v);
	return 0;
}
