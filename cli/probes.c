/* SPDX-License-Identifier: GPL-2.0-or-later */
/* probes.c - what can be measured here, what not, and what to grant. */
#include <cap-ng.h>
#include <string.h>

#include "cli/collect.h"
#include "cli/verb.h"
#include "core/say.h"

struct readiness {
	bool is_ready;
	char words[160];
};

static bool has_capability(unsigned capability)
{
	return capng_have_capability(CAPNG_EFFECTIVE, capability) == 1;
}

/* Rights a timed probe needs, by what it does with them. */
static const struct {
	const char *probe;
	unsigned capability;
	const char *name, *what_for;
} rights[] = {
	{ "wake", CAP_SYS_NICE, "CAP_SYS_NICE", "real-time priority" },
	{ "wake", CAP_IPC_LOCK, "CAP_IPC_LOCK", "locked memory" },
	{ "wake_bare", CAP_SYS_NICE, "CAP_SYS_NICE", "real-time priority" },
	{ "wake_bare", CAP_IPC_LOCK, "CAP_IPC_LOCK", "locked memory" },
	{ "trace", CAP_DAC_OVERRIDE, "CAP_DAC_OVERRIDE", "events of the kernel" },
	{ "gap", CAP_DAC_OVERRIDE, "CAP_DAC_OVERRIDE", "the trace that says what took the time" },
	{ "guest", CAP_SYS_PTRACE, "CAP_SYS_PTRACE", "memory maps of other users' guests" },
	{ "aio", CAP_SYS_PTRACE, "CAP_SYS_PTRACE", "AIO contexts of other users' guests" },
	{ "clock", CAP_SYSLOG, "CAP_SYSLOG", "the kernel log" },
	{ "irq", CAP_DAC_OVERRIDE, "CAP_DAC_OVERRIDE", "which interrupts can be moved" },
};

static void check_rights(const struct probe *p, struct readiness *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(rights); i++) {
		if (strcmp(rights[i].probe, p->name) || has_capability(rights[i].capability))
			continue;
		out->is_ready = p->kind == PROBE_STATE;
		snprintf(out->words, sizeof(out->words), "%s %s (%s): run it with sudo",
			 out->is_ready ? "partly: lacks" : "lacks", rights[i].name,
			 rights[i].what_for);
		return;
	}
}

static void check_program(const struct probe *p, struct readiness *out)
{
	auto_free char *name = NULL;
	auto_free char *path = NULL;

	if (asprintf(&name, "vfiobench-probe-%s", p->name) < 0) {
		name = NULL;
		return;
	}
	path = program_path(name);
	if (path && access(path, X_OK) == 0)
		return;
	out->is_ready = false;
	snprintf(out->words, sizeof(out->words), "%s is not installed", name);
}

/* The built-in guest is no probe, but a run wants to know about it. */
static struct readiness guest_readiness(void)
{
	struct readiness r = { .is_ready = true, .words = "ready" };

	if (access("/dev/kvm", R_OK | W_OK) == 0)
		return r;
	r.is_ready = false;
	snprintf(r.words, sizeof(r.words), "/dev/kvm: %s%s", strerror(errno),
		 errno == EACCES ? ": join the group kvm or run it with sudo"
				 : ": load kvm_intel or kvm_amd, or enable virtualisation in the "
				   "firmware");
	return r;
}

static struct readiness readiness_of(const struct probe *p)
{
	struct readiness r = { .is_ready = true, .words = "ready" };

	/* It is the built-in guest that measures. */
	if (strcmp(p->name, "exits") == 0)
		r = guest_readiness();
	check_rights(p, &r);
	check_program(p, &r);
	return r;
}

static int append(struct doc *list, const char *name, const char *kind, const char *title,
		  const struct readiness *r)
{
	auto_doc struct doc *d = doc_object_new();

	if (!d || doc_put_str(d, "name", name) < 0 || doc_put_str(d, "kind", kind) < 0 ||
	    doc_put_str(d, "title", title) < 0 || doc_put_bool(d, "is_ready", r->is_ready) < 0 ||
	    doc_put_str(d, "words", r->words) < 0)
		return -ENOMEM;
	return doc_append(list, doc_ref(d));
}

static void print(const char *name, const char *kind, const char *title, const struct readiness *r)
{
	printf("%-10s %-6s %s\n%18s%s\n", name, kind, title, "", r->words);
}

static int each(struct doc *list)
{
	const char *title = "Guest of our own for runs without QEMU";
	struct readiness guest = guest_readiness();

	for (size_t i = 0; i < n_probes; i++) {
		const struct probe *p = &probe_table[i];
		const char *kind = p->kind == PROBE_STATE ? "state" : "timed";
		struct readiness r = readiness_of(p);

		if (!list)
			print(p->name, kind, p->title, &r);
		else if (append(list, p->name, kind, p->title, &r) < 0)
			return -ENOMEM;
	}
	if (list)
		return append(list, "microguest", "guest", title, &guest);
	print("microguest", "guest", title, &guest);
	return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	if (key != ARGP_KEY_ARG)
		return ARGP_ERR_UNKNOWN;
	argp_error(state, "'%s': no arguments are expected", arg);
	return 0;
}

int verb_probes(int argc, char **argv)
{
	const struct verb_spec spec = {
		.name = "probes",
		.doc = "What can be measured on this machine, what not, and what to grant.",
		.parse = parse,
	};
	auto_doc struct doc *d = doc_object_new();
	auto_doc struct doc *list = doc_array_new();
	struct common common;

	verb_parse(&spec, argc, argv, &common);
	capng_get_caps_process();
	if (!common.is_json)
		return each(NULL) < 0 ? EXIT_CANNOT : EXIT_DONE;
	if (!d || !list || each(list) < 0 || doc_put_str(d, "format", "vfiobench-probes") < 0 ||
	    doc_put_u64(d, "version", 1) < 0 || doc_put(d, "probes", doc_ref(list)) < 0) {
		say_error("%s", strerror(ENOMEM));
		return EXIT_CANNOT;
	}
	return verb_print_json(d);
}
