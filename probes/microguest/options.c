/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/microguest/options.h"

#include <argp.h>
#include <string.h>

#include "core/text.h"

#define EXIT_USAGE 2

struct setting {
	const char *name;
	int (*set)(struct options *options, struct text value);
};

static int set_cpus(struct options *o, struct text value)
{
	struct cpus set;
	int r = cpus_parse_list(value, &set);

	if (r < 0)
		return r;
	if (cpus_is_empty(&set))
		return -EINVAL;
	if (cpus_count(&set) > MG_VCPUS_MAX)
		return -ERANGE;
	o->config.cpus = set;
	return 0;
}

static int read_half(struct text value, uint64_t *ret_ns)
{
	uint64_t ns;
	int r = text_duration(value, &ns);

	if (r < 0)
		return r;
	if (ns > MICROGUEST_HALF_MAX_NS)
		return -ERANGE;
	*ret_ns = ns;
	return 0;
}

static int set_spin(struct options *o, struct text value)
{
	return read_half(value, &o->config.spin_ns);
}

static int set_halt(struct options *o, struct text value)
{
	return read_half(value, &o->config.halt_ns);
}

static int set_duration(struct options *o, struct text value)
{
	uint64_t ns;
	int r = text_duration(value, &ns);

	if (r < 0)
		return r;
	if (ns == 0)
		return -ERANGE;
	o->duration_ns = ns;
	return 0;
}

static const struct setting settings[] = {
	{ "cpus", set_cpus },
	{ "spin", set_spin },
	{ "halt", set_halt },
	{ "duration", set_duration },
};

struct options options_default(const struct cpus *allowed)
{
	struct options o = {
		.config = { .cpus = *allowed, .spin_ns = 2 * NS_PER_MS, .halt_ns = 2 * NS_PER_MS },
	};
	int lowest = cpus_next(allowed, 0);

	if (cpus_count(allowed) > 1)
		cpus_remove(&o.config.cpus, (unsigned)lowest);
	return o;
}

int options_set(struct options *o, const char *name, const char *value)
{
	for (size_t i = 0; i < ARRAY_SIZE(settings); i++) {
		if (strcmp(settings[i].name, name) == 0)
			return settings[i].set(o, text_of(value));
	}
	return -EINVAL;
}

static const char doc[] =
	"Run the built-in guest: vCPU threads that spin and halt by turns under KVM."
	"\v"
	"Prints \"ready\" once every vCPU has made progress and, when it ends (after T, or on "
	"SIGTERM or SIGINT), one line of JSON with what each has done. T is a number with a unit: "
	"500us, 2ms, 10s, 3min.\n\n"
	"Exit status: 0 done, 2 the guest could not run or wrong usage (the reason is on stderr).";

/* Keys: above the characters, so that there are no short options; index in the order of settings[].
 */
enum { KEY_CPUS = 0x100, KEY_SPIN, KEY_HALT, KEY_DURATION, KEY_FLOATING };

static const struct argp_option argp_options[] = {
	{ "cpus", KEY_CPUS, "LIST", 0,
	  "one vCPU on each of these CPUs, as in 1-4,7 (default: all allowed but the lowest)", 0 },
	{ "floating", KEY_FLOATING, NULL, 0, "do not pin the vCPU threads", 0 },
	{ "spin", KEY_SPIN, "T", 0, "spin so long in each round, 0us to 1s (default: 2ms)", 0 },
	{ "halt", KEY_HALT, "T", 0, "then halt so long, 0us to 1s (default: 2ms)", 0 },
	{ "duration", KEY_DURATION, "T", 0, "end after so long (default: on a signal)", 0 },
	{ 0 },
};

static error_t parse_one(int key, char *value, struct argp_state *state)
{
	struct options *o = state->input;
	const char *name;
	int r;

	if (key == KEY_FLOATING) {
		o->config.is_floating = true;
		return 0;
	}
	if (key == ARGP_KEY_END && microguest_check(&o->config) < 0)
		argp_failure(state, EXIT_USAGE, 0, "--spin and --halt cannot both be 0");
	if (key < KEY_CPUS || key > KEY_DURATION)
		return key == ARGP_KEY_END ? 0 : ARGP_ERR_UNKNOWN;
	name = settings[key - KEY_CPUS].name;
	r = options_set(o, name, value);
	if (r == -ERANGE)
		argp_failure(state, EXIT_USAGE, 0, "--%s: '%s' is out of range", name, value);
	else if (r < 0)
		argp_failure(state, EXIT_USAGE, 0, "--%s: cannot read '%s'", name, value);
	return 0;
}

void options_parse(struct options *o, int argc, char **argv)
{
	const struct argp argp = { .options = argp_options, .parser = parse_one, .doc = doc };

	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, o);
}
