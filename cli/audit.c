/* SPDX-License-Identifier: GPL-2.0-or-later */
/* audit.c - settings only: the state probes, then the rules. */
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/assemble.h"
#include "cli/judge.h"
#include "cli/output.h"
#include "cli/state.h"
#include "core/say.h"

struct audit_options {
	struct state_wish wish;
	const char *guest;
	struct cpus cpus;
	bool has_cpus, is_full;
	const char *result; /* file to write the result document to; NULL: none */
	enum fail_on fail_on;
};

enum { OPT_SYSROOT = 0x100, OPT_DOMAIN_XML, OPT_QEMU_ARGV, OPT_CPUS, OPT_GUEST, OPT_ALL };

/* clang-format off */
static const struct argp_option options[] = {
	{ "sysroot", OPT_SYSROOT, "DIR", 0, "Read a captured tree instead of this machine", 0 },
	{ "domain-xml", OPT_DOMAIN_XML, "FILE", 0, "Domain XML of the guest", 0 },
	{ "qemu-argv", OPT_QEMU_ARGV, "FILE", 0, "QEMU arguments of the guest", 0 },
	{ "guest", OPT_GUEST, "GUEST", 0, "Which running guest: auto, PID or NAME", 0 },
	{ "cpus", OPT_CPUS, "LIST", 0, "The guest's CPUs, e.g. 1-4,7-10", 0 },
	{ "output", 'o', "FILE", 0, "Write the result document too, for analyze, report and plan", 0 },
	{ "all", OPT_ALL, NULL, 0, "Also what passed or does not apply", 0 },
	FAIL_ON_OPTION,
	{ 0 }
};
/* clang-format on */

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct audit_options *o = state->input;

	switch (key) {
	case OPT_SYSROOT:
		o->wish.sysroot = arg;
		return 0;
	case OPT_DOMAIN_XML:
		o->wish.domain_xml = arg;
		return 0;
	case OPT_QEMU_ARGV:
		o->wish.qemu_argv = arg;
		return 0;
	case OPT_GUEST:
		o->guest = arg;
		return 0;
	case OPT_CPUS:
		if (cpus_parse_list(text_of(arg), &o->cpus) < 0)
			argp_error(state, "--cpus=%s: expected a list such as 1-4,7-10", arg);
		o->has_cpus = true;
		return 0;
	case 'o':
		o->result = arg;
		return 0;
	case OPT_ALL:
		o->is_full = true;
		return 0;
	case OPT_FAIL_ON:
		o->fail_on = fail_on_parse(state, arg);
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "'%s': no arguments are expected", arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* Files named on the command line are checked here: the probes would only leave a gap. */
static int check_files(const struct state_wish *wish)
{
	const struct {
		const char *option, *path;
		bool is_directory;
	} files[] = {
		{ "--sysroot", wish->sysroot, true },
		{ "--domain-xml", wish->domain_xml, false },
		{ "--qemu-argv", wish->qemu_argv, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		struct stat st;
		int error = 0;

		if (!files[i].path)
			continue;
		if (stat(files[i].path, &st) < 0 || access(files[i].path, R_OK) < 0)
			error = errno;
		else if (S_ISDIR(st.st_mode) != files[i].is_directory)
			error = files[i].is_directory ? ENOTDIR : EISDIR;
		if (error) {
			say_error("%s %s: %s", files[i].option, files[i].path, strerror(error));
			return -error;
		}
	}
	return 0;
}

/* With several guests the first look at their configuration could not know which is meant. */
static int put_domain_of(struct doc *result, const struct audit_options *o, uint64_t pid)
{
	struct state_wish wish = o->wish;
	auto_free char *words = NULL;

	if (asprintf(&words, "%" PRIu64, pid) < 0) {
		words = NULL;
		return -ENOMEM;
	}
	wish.guest_pid = words;
	wish.only = "domain";
	return collect_state(result, &wish, timebase_monotonic(), -1);
}

/*
 * The target of an audit: a guest need not run. On a captured tree that does not tell which CPUs
 * are online there is none: rules that need one answer unknown.
 */
static int put_target(struct doc *result, struct host *h, const struct audit_options *o)
{
	/* What runs in a captured tree is of the same machine as its files. */
	const struct target_wish wish = {
		.guest = o->guest,
		.cpus = o->has_cpus ? &o->cpus : NULL,
		.is_of_file = !o->wish.sysroot && (o->wish.domain_xml || o->wish.qemu_argv),
	};
	const char *why = NULL;
	struct target t;
	int r = target_choose(h, &wish, &t, &why);

	if (r == -ENODATA && !o->has_cpus)
		return 0;
	if (r < 0) {
		say_error("%s", why ? why : strerror(-r));
		return r;
	}
	if (strcmp(t.kind, "qemu") != 0)
		t.kind = "none";
	if (t.process && h->guest.guests.n > 1)
		r = put_domain_of(result, o, t.process->pid.v);
	return r < 0 ? r : result_put_target(result, &t, &h->arena);
}

static int make_result(const struct audit_options *o, struct doc **ret_result)
{
	const struct run_facts run = { .is_audit = { true, true } };
	auto_doc struct doc *result = result_new();
	auto_host struct host *h = NULL;
	int r = result ? 0 : -ENOMEM;

	if (r == 0)
		r = result_put_facts(result, &run_schema, &run);
	if (r == 0)
		r = collect_state(result, &o->wish, timebase_monotonic(), -1);
	if (r == 0)
		r = result_decode(result, &h);
	if (r == 0)
		r = result_put_identity(result, h);
	if (r == 0)
		r = put_target(result, h, o);
	if (r < 0)
		return r;
	*ret_result = doc_ref(result);
	return 0;
}

/* A file that was named and is no guest's configuration: no verdict may stand on its absence. */
static int check_domain(const struct state_wish *wish, const struct host *h)
{
	const struct host_probe *p = host_probe(h, "domain");

	if (wish->domain_xml && h->domain.xml_error.known)
		say_warning("%s:%llu: %s", wish->domain_xml,
			    (unsigned long long)h->domain.xml_error_line.v, h->domain.xml_error.v);
	if ((!wish->domain_xml && !wish->qemu_argv) || !p || strcmp(p->status, "failed") != 0)
		return 0;
	say_error("%s", p->reason);
	return -EBADMSG;
}

static int save(const char *path, struct doc *result)
{
	const int r = output_file(path, output_write_document, result);

	if (r < 0)
		say_error("%s: %s", path, strerror(-r));
	return r;
}

int verb_audit(int argc, char **argv)
{
	struct audit_options o = { 0 };
	const struct verb_spec spec = {
		.name = "audit",
		.doc = "Judge the settings of this host, or of a captured tree, and of its guest.\v"
		       "Needs no root and no running guest; what cannot be seen without is said to "
		       "be unknown.",
		.options = options,
		.parse = parse,
		.own = &o,
	};
	auto_doc struct doc *result = NULL;
	auto_host struct host *h = NULL;
	struct findings findings;
	struct common common;
	int r;

	verb_parse(&spec, argc, argv, &common);
	if (check_files(&o.wish) < 0 || make_result(&o, &result) < 0 ||
	    result_decode(result, &h) < 0 || check_domain(&o.wish, h) < 0 ||
	    judge_host(h, &findings) < 0 || (o.result && save(o.result, result) < 0))
		return EXIT_CANNOT;
	r = print_findings(&common, h, &findings, o.is_full);
	return r ? r : fail_on_status(o.fail_on, &findings);
}
