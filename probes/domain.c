/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * domain - the guest as it is configured.
 *
 * Sources, the first that there is: --domain-xml, --qemu-argv; in a captured tree /domain.xml,
 * /qemu.argv; then the guest that runs (domain_guest.c).
 */
#include "facts/domain.h"

#include <string.h>

#include "probes/domain_differs.h"
#include "probes/domain_parts.h"
#include "probes/domain_schema.h"
#include "probes/parse/domain_xml.h"
#include "probes/parse/qemu_args.h"
#include "probes/user_file.h"

static int add_notes(struct probe_env *env, const char *path, const struct domain_xml_note *note)
{
	int r = 0;

	for (; r == 0 && note; note = note->next)
		r = probe_gap_words(env, note->field, path, "line %lu: %s", note->line,
				    note->words);
	return r;
}

/* Why everything else is not there. */
static int add_broken(struct probe_env *env, const char *path)
{
	static const char *const there[] = { "source", "xml", "xml_error", "xml_error_line" };
	int r = 0;

	for (size_t i = 0; r == 0 && i < domain_schema.n_fields; i++) {
		const char *key = domain_schema.fields[i].key;
		bool is_there = false;

		for (size_t k = 0; k < ARRAY_SIZE(there); k++)
			is_there |= !strcmp(key, there[k]);
		if (!is_there)
			r = probe_gap_words(env, key, path, "the XML is not well-formed");
	}
	return r;
}

/* What libvirt's schema said of it where it was captured. */
static int answer_schema(struct probe_env *env, struct domain_facts *f)
{
	(void)probe_answer_bool(env, &f->is_schema_valid, "domain.is_schema_valid");
	(void)probe_answer_u64(env, &f->schema_error_line, "domain.schema_error_line");
	return fact_set_str(&f->schema_error, env->arena, probe_answer(env, "domain.schema_error"));
}

static int read_xml(struct probe_env *env, const struct domain_text *from, struct domain_facts *f)
{
	struct domain_xml_result result;

	switch (domain_xml_parse(from->text, env->arena, f, &result)) {
	case 0:
		break;
	case -EBADMSG:
		if (result.error_line)
			return probe_fail(env, "%s:%lu: %s", from->path, result.error_line,
					  result.error);
		return probe_fail(env, "%s: %s", from->path, result.error);
	case -EFBIG:
		return probe_fail(env, "%s: larger than any domain XML", from->path);
	default:
		return -ENOMEM;
	}
	f->source = (struct fact_str){ true, from->source };
	if (f->xml_error.known && add_broken(env, from->path) < 0)
		return -ENOMEM;
	if (!f->xml_error.known && domain_compare_live(env, f) < 0)
		return -ENOMEM;
	if (from->is_of_user && answer_schema(env, f) < 0)
		return -ENOMEM;
	/* libvirt's own XML needs no asking; without libvirt, and of a tree, nobody can be asked.
	 */
	if (from->is_of_user && env->root->is_live && !f->xml_error.known &&
	    domain_schema_check(from->text, DOMAIN_SCHEMA_PATH, env->arena, f) < 0)
		return -ENOMEM;
	return add_notes(env, from->path, result.notes);
}

static int read_argv(struct probe_env *env, const struct domain_text *from, struct domain_facts *f)
{
	struct qemu_args_note *note;
	struct fact_strs args;
	int r = qemu_args_split(from->text, env->arena, &args);

	if (r == -EFBIG)
		return probe_fail(env, "%s: longer than any command line", from->path);
	if (r == 0 && args.n == 0)
		return probe_fail(env, "%s: holds no arguments", from->path);
	if (r == 0 && !qemu_args_are_any(&args))
		return probe_fail(env, "%s: holds no arguments of QEMU", from->path);
	if (r == 0)
		r = qemu_args_parse(&args, env->arena, f, &note);
	if (r < 0)
		return r;
	f->source = (struct fact_str){ true, from->source };
	for (; r == 0 && note; note = note->next)
		r = probe_gap_words(env, note->field, from->path, "%s", note->words);
	return r;
}

static int of_user_file(struct probe_env *env, const char *path, bool is_argv,
			struct domain_text *ret_text)
{
	auto_free char *text = NULL;
	char *copy;
	size_t len;
	int r = user_file_read(path, DOMAIN_XML_MAX, &text, &len);

	if (r == -ENOMEM)
		return r;
	if (r < 0)
		return probe_fail(env, "%s: %s", path, strerror(-r));
	copy = arena_memdup(env->arena, text, len);
	if (!copy)
		return -ENOMEM;
	*ret_text = (struct domain_text){
		.source = is_argv ? "argv" : "file",
		.path = path,
		.text = text_make(copy, len),
		.is_argv = is_argv,
		.is_of_user = true,
	};
	return 0;
}

static int of_tree(struct probe_env *env, struct domain_text *ret_text)
{
	static const char *const paths[] = { "/domain.xml", "/qemu.argv" };
	const char *source;

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		int r = sysroot_exists(env->root, "%s", paths[i]);

		if (r < 0)
			continue;
		r = probe_read_text(env, &ret_text->text, "source", paths[i]);
		if (r < 0 || !ret_text->text.at)
			return r;
		source = probe_answer(env, "domain.source");
		ret_text->is_of_user = !source || strcmp(source, "libvirt") != 0;
		ret_text->source = i ? "argv" : ret_text->is_of_user ? "file" : "libvirt";
		ret_text->path = paths[i];
		ret_text->is_argv = i;
		return 0;
	}
	return 0;
}

static int measure(struct probe_env *env, void *facts)
{
	struct domain_text from = { 0 };
	int r = 0;

	if (env->domain_xml)
		r = of_user_file(env, env->domain_xml, false, &from);
	else if (env->qemu_argv)
		r = of_user_file(env, env->qemu_argv, true, &from);
	else if (!env->root->is_live)
		r = of_tree(env, &from);
	if (r == 0 && !from.source && !env->is_failed)
		r = domain_of_guest(env, &from);
	if (r < 0 || !from.source)
		return r;
	r = from.is_argv ? read_argv(env, &from, facts) : read_xml(env, &from, facts);
	return r < 0 || env->is_failed ? r : domain_add_host(env, facts);
}

int main(int argc, char **argv)
{
	return probe_main(argc, argv, "domain", measure);
}
