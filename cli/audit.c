/* SPDX-License-Identifier: GPL-2.0-or-later */
/* audit.c - settings only: the state probes, then the rules. */
#include <string.h>
#include <sys/stat.h>

#include "cli/assemble.h"
#include "cli/judge.h"
#include "cli/output.h"
#include "cli/settings.h"
#include "cli/tree.h"
#include "core/say.h"

struct audit_options {
	struct settings_wish wish;
	struct cpus cpus;
	bool is_full;
	const char *result; /* file to write the result document to; NULL: none */
	enum fail_on fail_on;
};

enum { OPT_SYSROOT = 0x100, OPT_DOMAIN_XML, OPT_QEMU_ARGV, OPT_CPUS, OPT_GUEST, OPT_ALL };

/* clang-format off */
static const struct argp_option options[] = {
	{ "sysroot", OPT_SYSROOT, "FILE", 0, "Judge the host of a bundle of vfiobench capture, or of a directory with its files, instead of this one", 0 },
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
		o->wish.state.sysroot = arg;
		return 0;
	case OPT_DOMAIN_XML:
		o->wish.state.domain_xml = arg;
		return 0;
	case OPT_QEMU_ARGV:
		o->wish.state.qemu_argv = arg;
		return 0;
	case OPT_GUEST:
		o->wish.guest = arg;
		return 0;
	case OPT_CPUS:
		if (cpus_parse_list(text_of(arg), &o->cpus) < 0)
			argp_error(state, "--cpus=%s: expected a list such as 1-4,7-10", arg);
		o->wish.cpus = &o->cpus;
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
	} files[] = {
		{ "--domain-xml", wish->domain_xml },
		{ "--qemu-argv", wish->qemu_argv },
	};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		struct stat st;
		int error = 0;

		if (!files[i].path)
			continue;
		if (stat(files[i].path, &st) < 0 || access(files[i].path, R_OK) < 0)
			error = errno;
		else if (S_ISDIR(st.st_mode))
			error = EISDIR;
		if (error) {
			say_error("%s %s: %s", files[i].option, files[i].path, strerror(error));
			return -error;
		}
	}
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

/* The tree is gone before anything is printed: nobody may read it any more. */
static int judge(struct audit_options *o, struct tree *tree, const struct common *common)
{
	auto_doc struct doc *result = NULL;
	auto_host struct host *h = NULL;
	struct findings findings;
	int r = settings_collect(&o->wish, tree->stop_fd, &result);

	tree_close(tree);
	if (r < 0 || result_decode(result, &h) < 0 || check_domain(&o->wish.state, h) < 0 ||
	    judge_host(h, &findings) < 0 || (o->result && save(o->result, result) < 0))
		return EXIT_CANNOT;
	r = print_findings(common, h, &findings, o->is_full);
	return r ? r : fail_on_status(o->fail_on, &findings);
}

int verb_audit(int argc, char **argv)
{
	struct audit_options o = { 0 };
	const struct verb_spec spec = {
		.name = "audit",
		.doc = "Judge the settings of this host, or of a captured one, and of its guest.\v"
		       "Needs no root and no running guest; what cannot be seen without is said to "
		       "be unknown.",
		.options = options,
		.parse = parse,
		.own = &o,
	};
	struct common common;
	struct tree tree;

	verb_parse(&spec, argc, argv, &common);
	if (check_files(&o.wish.state) < 0 || tree_open(&tree, o.wish.state.sysroot) < 0)
		return EXIT_CANNOT;
	o.wish.state.sysroot = tree.path;
	return judge(&o, &tree, &common);
}
