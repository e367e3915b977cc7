/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/share.h"

#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "analyze/compare.h"
#include "cli/judge.h"
#include "cli/output.h"
#include "core/say.h"

error_t share_parse(int key, char *arg, struct argp_state *state, struct share *s)
{
	switch (key) {
	case OPT_RAW:
		s->is_raw = true;
		return 0;
	case OPT_SHOW_REDACTIONS:
		s->map = arg;
		return 0;
	case ARGP_KEY_END:
		if (s->is_raw && s->map)
			argp_error(state,
				   "--raw replaces nothing that --show-redactions could show");
		return ARGP_ERR_UNKNOWN;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

void share_release(struct share *s)
{
	redaction_free(s->redaction);
	s->redaction = NULL;
}

static int start(struct share *s)
{
	uint8_t salt[ALIASES_SALT_SIZE];

	if (s->redaction)
		return 0;
	if (getrandom(salt, sizeof(salt), 0) != sizeof(salt))
		return neg_errno();
	return redaction_new(salt, &s->redaction);
}

static int say_failed(int r)
{
	if (r < 0)
		say_error("names could not be replaced: %s", strerror(-r));
	return r;
}

static int redact(struct share *s, const struct doc *d, struct doc **ret_doc)
{
	const int r = start(s);

	return r < 0 ? r : redact_document(s->redaction, d, ret_doc);
}

int share_document(struct share *s, struct doc **d)
{
	struct doc *copy = NULL;
	int r;

	if (s->is_raw)
		return 0;
	r = redact(s, *d, &copy);
	/* Whoever reads it says what is wrong with it. */
	if (r == -EBADMSG)
		return 0;
	if (r < 0)
		return say_failed(r);
	doc_free(*d);
	*d = copy;
	return 0;
}

int share_host(struct share *s, const struct doc *result, struct host **ret_host,
	       struct findings *ret_findings)
{
	auto_doc struct doc *copy = NULL;
	auto_free char *why = NULL;
	int r = redact(s, result, &copy);

	if (r == 0)
		r = host_new(copy, ret_host, &why);
	if (r < 0)
		return say_failed(r);
	r = judge_host(*ret_host, ret_findings);
	if (r < 0) {
		host_free(*ret_host);
		*ret_host = NULL;
	}
	return r;
}

int share_comparison(struct share *s, const struct comparison_facts *c, struct arena *a,
		     struct comparison_facts *ret_comparison)
{
	auto_doc struct doc *d = NULL;
	auto_doc struct doc *copy = NULL;
	const char *why = NULL;
	int r;

	if (s->is_raw) {
		*ret_comparison = *c;
		return 0;
	}
	/* What it lacks it lacked before: a first session compares nothing. */
	*ret_comparison = (struct comparison_facts){ 0 };
	r = comparison_encode(c, &d);
	if (r == 0)
		r = redact(s, d, &copy);
	if (r == 0)
		r = document_decode(&comparison_kind, copy, a, ret_comparison, &why);
	return say_failed(r);
}

static int write_map(FILE *out, void *arg)
{
	return redaction_print(arg, out);
}

int share_finish(const struct share *s)
{
	mode_t mask;
	int r;

	if (!s->map || !s->redaction)
		return 0;
	mask = umask(077);
	r = output_file(s->map, write_map, s->redaction);
	umask(mask);
	if (r < 0)
		say_error("%s: %s", s->map, strerror(-r));
	return r;
}
