/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/qemu_name.h"

#include <string.h>

static struct text base_name(struct text path)
{
	const char *slash = path.len ? memrchr(path.at, '/', path.len) : NULL;
	size_t n;

	if (!slash)
		return path;
	n = (size_t)(slash + 1 - path.at);
	return text_make(slash + 1, path.len - n);
}

/* Wrapped programs of some distributions are called ".qemu-system-x86_64-wrapped". */
static struct text without_dot(struct text name)
{
	return text_starts(name, ".") ? text_make(name.at + 1, name.len - 1) : name;
}

static bool is_emulator_name(struct text name)
{
	return text_starts(name, "qemu-system-") || text_equal(name, "qemu-kvm") ||
	       text_equal(name, "qemu-kvm-wrapped");
}

/* Names that other programs may have as well. */
static bool is_short_name(struct text name)
{
	return text_equal(name, "kvm") || text_equal(name, "qemu") || text_equal(name, "kvm-spice");
}

bool qemu_is_program(struct text path)
{
	const struct text name = without_dot(base_name(path));

	return is_emulator_name(name) || is_short_name(name);
}

/* Options that every way of starting a guest has at least one of. */
static bool is_guest_option(struct text arg)
{
	static const char *const options[] = {
		"-name", "-id",    "-m",      "-smp",  "-cpu",   "-machine",
		"-M",    "-drive", "-device", "-uuid", "-accel", "-enable-kvm",
	};

	if (text_starts(arg, "--"))
		arg = text_make(arg.at + 1, arg.len - 1);
	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		if (text_equal(arg, options[i]))
			return true;
	}
	return false;
}

static bool has_guest_option(struct text args)
{
	struct text arg;

	while (text_next_piece(&args, '\0', &arg)) {
		if (is_guest_option(arg))
			return true;
	}
	return false;
}

/* The type in the value of one -machine option, as it was when it names none. */
static void find_machine(struct text value, struct text *type)
{
	struct text first = { 0 }, key, rest = value;

	if (!text_next_piece(&rest, ',', &first))
		return;
	if (!text_key_value(first, '=', &key, &rest))
		*type = first;
	else if (text_equal(key, "type"))
		*type = rest;
}

bool qemu_is_without_machine(struct text cmdline)
{
	static const char *const options[] = { "-machine", "--machine", "-M", "--M" };
	struct text arg, type = { 0 };
	bool is_value = false;

	while (text_next_piece(&cmdline, '\0', &arg)) {
		if (is_value)
			find_machine(arg, &type);
		is_value = false;
		for (size_t i = 0; i < ARRAY_SIZE(options); i++)
			is_value |= text_equal(arg, options[i]);
	}
	return text_equal(type, "none");
}

bool qemu_is_emulator(struct text cmdline, struct text comm)
{
	struct text args = cmdline, name;

	if (qemu_is_without_machine(cmdline))
		return false;
	comm = without_dot(text_trim(comm));
	/* A kernel thread has no arguments, and neither has a process that has just ended. */
	if (!text_next_piece(&args, '\0', &name))
		return is_emulator_name(comm);
	name = without_dot(base_name(name));
	if (is_emulator_name(name))
		return true;
	if (!is_short_name(name) && !is_emulator_name(comm) && !is_short_name(comm))
		return false;
	return has_guest_option(args);
}

/* Cuts "key=value" off the front of *rest; a doubled comma belongs to the value. */
static bool next_option(struct text *rest, struct text *ret_option)
{
	size_t n = 0;

	if (!rest->len)
		return false;
	while (n < rest->len &&
	       (rest->at[n] != ',' || (n + 1 < rest->len && rest->at[n + 1] == ',')))
		n += rest->at[n] == ',' ? 2 : 1;
	*ret_option = text_make(rest->at, n);
	n += n < rest->len;
	*rest = text_make(rest->at + n, rest->len - n);
	return true;
}

/* The guest's name in the value of one -name option. */
static bool find_name(struct text value, struct text *ret_name)
{
	struct text option, key, rest = value;
	bool is_found = false;

	while (next_option(&rest, &option)) {
		struct text name = option;

		/* Only the first one may leave out its key. */
		if (text_key_value(option, '=', &key, &name) ? !text_equal(key, "guest")
							     : option.at != value.at)
			continue;
		*ret_name = name;
		is_found = true;
	}
	return is_found;
}

static char *without_doubled_commas(struct text name)
{
	char *copy = malloc(name.len + 1);
	size_t n = 0;

	if (!copy)
		return NULL;
	for (size_t i = 0; i < name.len; i++) {
		copy[n++] = name.at[i];
		if (name.at[i] == ',' && i + 1 < name.len && name.at[i + 1] == ',')
			i++;
	}
	copy[n] = '\0';
	return copy;
}

int qemu_guest_name(struct text cmdline, char **ret_name)
{
	struct text arg, value, name = { 0 };
	bool is_value = false;
	char *copy;

	while (text_next_piece(&cmdline, '\0', &arg)) {
		if (is_value && find_name(arg, &value))
			name = value;
		is_value = !is_value && (text_equal(arg, "-name") || text_equal(arg, "--name"));
	}
	if (!name.len)
		return -ENOENT;
	copy = without_doubled_commas(name);
	if (!copy)
		return -ENOMEM;
	*ret_name = copy;
	return 0;
}
