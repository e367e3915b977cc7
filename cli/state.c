/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/state.h"

#include <string.h>
#include <sys/stat.h>

#include "cli/assemble.h"
#include "core/say.h"

/* A state probe takes some milliseconds; one that needs longer is stuck in a file. */
#define STATE_LIMIT_NS (10 * NS_PER_S)

static void add_wishes(struct probe_call *c, const struct state_wish *wish)
{
	const struct {
		const char *option, *value;
	} pairs[] = {
		{ "--sysroot", wish->sysroot },
		{ "--domain-xml", wish->domain_xml },
		{ "--qemu-argv", wish->qemu_argv },
		{ "--guest-pid", wish->guest_pid },
	};

	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		if (pairs[i].value)
			probe_call_add(c, pairs[i].option, pairs[i].value);
	}
}

int collect_state(struct doc *result, const struct state_wish *wish, const struct timebase *time,
		  int stop_fd)
{
	auto_free struct probe_call *calls = calloc(n_probes, sizeof(*calls));
	size_t n = 0;
	int r, stored;

	if (!calls)
		return -ENOMEM;
	for (size_t i = 0; i < n_probes; i++) {
		if (probe_table[i].kind != PROBE_STATE ||
		    (wish->only && strcmp(probe_table[i].name, wish->only) != 0))
			continue;
		calls[n] =
			(struct probe_call){ .probe = &probe_table[i], .limit_ns = STATE_LIMIT_NS };
		add_wishes(&calls[n++], wish);
	}
	r = collect(calls, n, time, stop_fd);
	stored = r == -ENOMEM ? r : result_put_probes(result, calls, n);
	probe_calls_release(calls, n);
	return stored < 0 ? stored : r;
}

int state_check_files(const struct state_wish *wish)
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

int state_check_domain(const struct state_wish *wish, const struct host *h)
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
