/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/qemu_args.h"

#include <string.h>

#include "probes/parse/guest_os.h"
#include "probes/parse/qemu_manager.h"
#include "probes/parse/qemu_name.h"
#include "probes/parse/qemu_parts.h"

#define ENTRIES_MAX 2048u

/* Options that are read, with the key that may be left out in their values. */
static const struct {
	const char *option, *implied_key;
	bool has_no_value, is_plain; /* plain: the value is no list but a name */
} options[] = {
	/* clang-format off */
	{ "-name", "guest", false, false },
	{ "-machine", "type", false, false },
	{ "-M", "type", false, false },
	{ "-accel", "accel", false, false },
	{ "-enable-kvm", NULL, true, false },
	{ "-m", "size", false, false },
	{ "-smp", "cpus", false, false },
	{ "-vcpu", NULL, false, false },
	{ "-numa", "type", false, false },
	{ "-object", "qom-type", false, false },
	{ "-mem-path", "path", false, true },
	{ "-mem-prealloc", NULL, true, false },
	{ "-overcommit", NULL, false, false },
	{ "-realtime", NULL, false, false },
	{ "-cpu", "name", false, false },
	{ "-rtc", NULL, false, false },
	{ "-localtime", NULL, true, false },
	{ "-global", NULL, false, false },
	{ "-no-hpet", NULL, true, false },
	{ "-no-acpi", NULL, true, false },
	{ "-no-kvm-pit-reinjection", NULL, true, false },
	{ "-rtc-td-hack", NULL, true, false },
	{ "-bios", "path", false, true },
	{ "-pflash", "path", false, true },
	{ "-smbios", NULL, false, false },
	{ "-nodefaults", NULL, true, false },
	{ "-device", "driver", false, false },
	{ "-drive", NULL, false, false },
	{ "-blockdev", NULL, false, false },
	{ "-hda", "path", false, true },
	{ "-hdb", "path", false, true },
	{ "-hdc", "path", false, true },
	{ "-hdd", "path", false, true },
	{ "-cdrom", "path", false, true },
	{ "-fda", "path", false, true },
	{ "-fdb", "path", false, true },
	{ "-netdev", "type", false, false },
	{ "-net", "type", false, false },
	{ "-nic", "type", false, false },
	{ "-usb", NULL, true, false },
	{ "-usbdevice", "device", false, true },
	{ "-display", "type", false, false },
	{ "-vnc", "display", false, false },
	{ "-spice", NULL, false, false },
	{ "-sdl", NULL, true, false },
	{ "-nographic", NULL, true, false },
	{ "-vga", "model", false, true },
	{ "-audiodev", "driver", false, false },
	{ "-audio", "driver", false, false },
	{ "-soundhw", "model", false, true },
	{ "-balloon", "model", false, false },
	{ "-tpmdev", "type", false, false },
	{ "-watchdog", "model", false, true },
	{ "-serial", "device", false, true },
	{ "-virtioconsole", "device", false, true },
	/* clang-format on */
};

/* Index in options, ARRAY_SIZE(options): another one, or no option. */
static size_t find_option(const char *arg)
{
	size_t i = 0;

	if (!strncmp(arg, "--", 2))
		arg++;
	while (i < ARRAY_SIZE(options) && strcmp(arg, options[i].option) != 0)
		i++;
	return i;
}

static int parse_value(struct qemu_reader *r, size_t option, const char *value,
		       struct qemu_options *ret_values)
{
	int e = 0;

	if (options[option].is_plain) {
		ret_values->v = arena_alloc(r->arena, sizeof(*ret_values->v));
		if (!ret_values->v)
			return -ENOMEM;
		ret_values->v[0] = (struct qemu_pair){ options[option].implied_key, value };
		ret_values->n = 1;
	} else if (!options[option].has_no_value) {
		e = qemu_options_parse(text_of(value), options[option].implied_key, r->arena,
				       ret_values);
	}
	if (e != -EBADMSG)
		return e;
	return qemu_note(r, "source", "the value of %s is broken JSON", options[option].option);
}

static const char *value_or_empty(const struct qemu_options *values, const char *key)
{
	const char *value = key ? qemu_option(values, key) : NULL;

	return value ? value : "";
}

static int add_entry(struct qemu_reader *r, size_t option, const char *value)
{
	struct qemu_entry *entry = &r->entries[r->n];
	const char *name = options[option].option;
	int e = parse_value(r, option, value, &entry->values);

	if (e < 0)
		return e;
	entry->option = !strcmp(name, "-M") ? "-machine" : name;
	entry->id = value_or_empty(&entry->values, strcmp(name, "-blockdev") ? "id" : "node-name");
	entry->kind = value_or_empty(&entry->values, options[option].implied_key);
	r->n++;
	return 0;
}

static int collect(struct qemu_reader *r, const struct fact_strs *args)
{
	r->entries = arena_calloc(r->arena, u64_min(args->n, ENTRIES_MAX), sizeof(*r->entries));
	if (!r->entries)
		return -ENOMEM;
	for (size_t i = *r->program ? 1 : 0; i < args->n; i++) {
		const size_t option = find_option(args->v[i]);
		int e;

		if (option == ARRAY_SIZE(options))
			continue;
		if (r->n == ENTRIES_MAX)
			return qemu_note(r, "source", "only the first %u options were read",
					 ENTRIES_MAX);
		if (!options[option].has_no_value && ++i == args->n)
			break;
		e = add_entry(r, option, args->v[i]);
		if (e < 0)
			return e;
	}
	return 0;
}

bool qemu_args_are_any(const struct fact_strs *args)
{
	for (size_t i = 0; i < args->n; i++) {
		if (find_option(args->v[i]) < ARRAY_SIZE(options))
			return true;
	}
	return args->n && qemu_is_program(text_of(args->v[0]));
}

static int set_manager(const struct fact_strs *args, struct arena *a, struct domain_facts *facts)
{
	const char *manager = qemu_manager(args);
	uint64_t vmid;

	if (qemu_vmid(args, &vmid))
		fact_set_u64(&facts->vmid, vmid);
	/* Without a mark anything may have started it. */
	return strcmp(manager, "plain") ? fact_set_str(&facts->manager, a, manager) : 0;
}

int qemu_args_parse(const struct fact_strs *args, struct arena *a, struct domain_facts *facts,
		    struct qemu_args_note **ret_notes)
{
	static int (*const parts[])(struct qemu_reader *) = {
		qemu_read_machine, qemu_read_board,   qemu_read_cpu,         qemu_read_clock,
		qemu_read_memory,  qemu_read_disks,   qemu_read_controllers, qemu_read_network,
		qemu_read_input,   qemu_read_display, qemu_read_devices,
	};
	struct qemu_reader r = {
		.arena = a,
		.facts = facts,
		/* Of an excerpt there may be options alone. */
		.program = args->n && args->v[0][0] != '-' ? args->v[0] : "",
		.notes_end = ret_notes,
	};
	int e;

	*ret_notes = NULL;
	e = collect(&r, args);
	for (size_t i = 0; i < ARRAY_SIZE(parts) && e == 0; i++)
		e = parts[i](&r);
	if (e == 0)
		e = set_manager(args, a, facts);
	return e < 0 ? e : guest_os_decide(facts, NULL, a);
}
