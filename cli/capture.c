/* SPDX-License-Identifier: GPL-2.0-or-later */
/* capture.c - a host as a text that people can look through and send. */
#include <inttypes.h>
#include <string.h>

#include "analyze/host.h"
#include "cli/assemble.h"
#include "cli/capture_host.h"
#include "cli/judge.h"
#include "cli/output.h"
#include "cli/share.h"
#include "cli/tree.h"
#include "core/say.h"
#include "report/redact_bundle.h"

struct capture_options {
	struct settings_wish wish;
	const char *file;   /* "-": standard output */
	const char *unpack; /* a directory: the other way round */
	struct share share;
};

enum { OPT_UNPACK = 0x100 };

/* clang-format off */
static const struct argp_option options[] = {
	SETTINGS_OPTIONS,
	{ "unpack", OPT_UNPACK, "DIR", 0, "Make the files of the bundle FILE in DIR instead", 0 },
	SHARE_OPTIONS,
	{ 0 }
};
/* clang-format on */

static void check(const struct capture_options *o, const struct argp_state *state)
{
	const struct state_wish *w = &o->wish.state;

	if (!o->file)
		verb_usage(state, "a FILE is expected: what to write to, - is standard output");
	if (o->unpack && (w->sysroot || w->domain_xml || w->qemu_argv || o->wish.guest))
		verb_usage(state, "--unpack goes with no option of a capture");
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct capture_options *o = state->input;

	switch (key) {
	case OPT_UNPACK:
		o->unpack = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (o->file)
			verb_usage(state, "'%s': a second FILE", arg);
		o->file = arg;
		return 0;
	case ARGP_KEY_END:
		check(o, state);
		return share_parse(key, arg, state, &o->share);
	default:
		if (settings_parse(key, arg, &o->wish) == 0)
			return 0;
		return share_parse(key, arg, state, &o->share);
	}
}

/* What a capture is made of, and what became of it. */
struct session {
	struct capture_options *o;
	const struct common *common;
	struct bundle bundle;
	struct capture_count count;
	struct findings findings; /* of the host itself */
	struct host *host;
};

/* At the head of each bundle: who opens it in an editor knows what it is. */
static const char about[] =
	"A host as vfiobench " VFIOBENCH_VERSION " saw it: the files that its state probes read.\n"
	"\n"
	"  vfiobench audit --sysroot THIS-FILE\n"
	"\n"
	"judges it. Look through it before you send it. Whoever changes a line writes\n"
	"\"end edited\" for the last one.\n";

static int write_bundle(FILE *out, void *arg)
{
	return bundle_write(out, arg, about);
}

static int save(struct session *s)
{
	const char *file = s->o->file;
	int r = !strcmp(file, "-") ? write_bundle(stdout, &s->bundle)
				   : output_file(file, write_bundle, &s->bundle);

	if (r == 0 && !strcmp(file, "-") && fflush(stdout) == EOF)
		r = neg_errno();
	if (r < 0)
		say_error("%s: %s", strcmp(file, "-") ? file : "standard output", strerror(-r));
	return r;
}

/* The document first: what is a name in it, is one in all texts. */
static int hide_names(struct session *s, struct doc **result)
{
	struct bundle hidden = { 0 };
	int r = share_document(&s->o->share, result);

	if (r < 0 || s->o->share.is_raw)
		return r;
	r = redact_bundle(s->o->share.redaction, &s->bundle, &hidden);
	if (r < 0) {
		say_error("names could not be replaced: %s", strerror(-r));
		bundle_release(&hidden);
		return r;
	}
	bundle_release(&s->bundle);
	s->bundle = hidden;
	return 0;
}

static int look(struct session *s, int stop_fd)
{
	auto_doc struct doc *result = NULL;
	int r = settings_collect(&s->o->wish, stop_fd, &result);

	if (r == 0)
		r = result_decode(result, &s->host);
	if (r == 0)
		r = judge_host(s->host, &s->findings);
	if (r == 0)
		r = capture_host(&s->o->wish, s->host, &s->bundle, &s->count);
	return r == 0 ? hide_names(s, &result) : r;
}

static size_t say_differences(const struct findings *before, const struct findings *after)
{
	size_t n = 0;

	for (size_t i = 0; i < before->n; i++) {
		const struct finding *f = &before->v[i];
		const struct finding *other = findings_get(after, f->tweak->id);

		if (other && other->verdict == f->verdict)
			continue;
		say_warning("%s: %s here, %s in the bundle", f->tweak->id,
			    verdict_names[f->verdict],
			    other ? verdict_names[other->verdict] : "not there");
		n++;
	}
	return n;
}

/* The guest that was asked for: by its number, for in the bundle it may have another name. */
static int name_guest(const struct session *s, char **ret_guest)
{
	const struct fact_u64 *pid = &s->host->guestref.pid;
	char *guest = NULL;

	if (!s->o->wish.guest)
		return 0;
	if (!pid->known)
		guest = strdup(s->o->wish.guest);
	else if (asprintf(&guest, "%" PRIu64, pid->v) < 0)
		guest = NULL;
	*ret_guest = guest;
	return guest ? 0 : -ENOMEM;
}

/* The bundle is worth as much as what can be found in it: it is judged as others will. */
static int prove(struct session *s, size_t *ret_n_differences)
{
	auto_free char *guest = NULL;
	struct settings_wish wish = { 0 };
	auto_doc struct doc *result = NULL;
	auto_host struct host *h = NULL;
	struct findings findings;
	struct tree tree;
	int r = name_guest(s, &guest);

	if (r == 0)
		r = tree_open_bundle(&tree, &s->bundle);
	if (r < 0)
		return r;
	wish.state.sysroot = tree.path;
	wish.guest = guest;
	r = settings_collect(&wish, tree.stop_fd, &result);
	tree_close(&tree);
	if (r == 0)
		r = result_decode(result, &h);
	if (r == 0)
		r = judge_host(h, &findings);
	if (r == 0)
		*ret_n_differences = say_differences(&s->findings, &findings);
	return r;
}

static void print_summary(const struct session *s, size_t n_differences)
{
	printf("%s: %zu files", s->o->file, s->count.n_files);
	if (s->count.n_errors)
		printf(", %zu that could not be read", s->count.n_errors);
	if (s->count.n_too_big)
		printf(", %zu too large", s->count.n_too_big);
	printf(". ");
	if (n_differences)
		printf("Judged, %zu of its %zu findings differ from this host's.\n", n_differences,
		       s->findings.n);
	else
		printf("Judged, it has the same %zu findings as this host.\n", s->findings.n);
	printf("Look through it before you send it%s.\n",
	       s->o->share.is_raw ? ": all names are in it" : "");
}

static int capture(struct session *s, struct tree *tree)
{
	size_t n_differences = 0;
	const int r = look(s, tree->stop_fd);

	tree_close(tree);
	if (r < 0 || save(s) < 0 || share_finish(&s->o->share) < 0 || prove(s, &n_differences) < 0)
		return EXIT_CANNOT;
	if (!s->common->is_quiet && strcmp(s->o->file, "-") != 0)
		print_summary(s, n_differences);
	return EXIT_DONE;
}

int verb_capture(int argc, char **argv)
{
	struct capture_options o = { 0 };
	const struct verb_spec spec = {
		.name = "capture",
		.args_doc = "FILE",
		.doc = "Write this host as a text that can be looked through, sent and judged "
		       "elsewhere: the files that the state probes read, and the guest's "
		       "configuration without its passwords.\v"
		       "Some files can only be read with root; that they could not is noted.",
		.options = options,
		.parse = parse,
		.own = &o,
	};
	struct common common;
	struct session s = { .o = &o, .common = &common };
	struct tree tree;
	int status;

	verb_parse(&spec, argc, argv, &common);
	if (o.unpack)
		return tree_unpack(o.file, o.unpack) < 0 ? EXIT_CANNOT : EXIT_DONE;
	if (tree_open(&tree, o.wish.state.sysroot) < 0)
		return EXIT_CANNOT;
	o.wish.state.sysroot = tree.path;
	status = capture(&s, &tree);
	share_release(&o.share);
	bundle_release(&s.bundle);
	host_free(s.host);
	return status;
}
