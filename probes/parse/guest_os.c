/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/guest_os.h"

#include <string.h>

#include "core/text.h"
#include "facts/kernel.h"

enum os { /* a set, so that two of them are a conflict */
	  OS_NONE = 0,
	  OS_WINDOWS = 1,
	  OS_LINUX = 2,
	  OS_OTHER = 4
};

#define WORD_SIZE 32u /* the longest word looked for is far shorter */

/* The first that the id holds decides. */
static const struct {
	const char *piece;
	enum os os;
} ids[] = {
	{ "//microsoft.com/win", OS_WINDOWS },
	{ "//microsoft.com/", OS_OTHER },
	{ "//libosinfo.org/unknown", OS_NONE },
	{ "//libosinfo.org/linux", OS_LINUX },
	{ "//oracle.com/solaris", OS_OTHER },
	{ "//almalinux.org/", OS_LINUX },
	{ "//alpinelinux.org/", OS_LINUX },
	{ "//altlinux.org/", OS_LINUX },
	{ "//archlinux.org/", OS_LINUX },
	{ "//asianux.com/", OS_LINUX },
	{ "//centos.org/", OS_LINUX },
	{ "//circlelinux.org/", OS_LINUX },
	{ "//clearlinux.org/", OS_LINUX },
	{ "//debian.org/", OS_LINUX },
	{ "//elementary.io/", OS_LINUX },
	{ "//endlessos.com/", OS_LINUX },
	{ "//euro-linux.com/", OS_LINUX },
	{ "//fedoraproject.org/", OS_LINUX },
	{ "//gentoo.org/", OS_LINUX },
	{ "//gnome.org/", OS_LINUX },
	{ "//guix.gnu.org/", OS_LINUX },
	{ "//linuxmint.com/", OS_LINUX },
	{ "//mageia.org/", OS_LINUX },
	{ "//mandriva.com/", OS_LINUX },
	{ "//manjaro.org/", OS_LINUX },
	{ "//miraclelinux.com/", OS_LINUX },
	{ "//nixos.org/", OS_LINUX },
	{ "//opensuse.org/", OS_LINUX },
	{ "//oracle.com/", OS_LINUX },
	{ "//pop.system76.com/", OS_LINUX },
	{ "//puri.sm/", OS_LINUX },
	{ "//redhat.com/", OS_LINUX },
	{ "//rockylinux.org/", OS_LINUX },
	{ "//scientificlinux.org/", OS_LINUX },
	{ "//slackware.com/", OS_LINUX },
	{ "//suse.com/", OS_LINUX },
	{ "//system76.com/", OS_LINUX },
	{ "//trisquel.info/", OS_LINUX },
	{ "//ubuntu.com/", OS_LINUX },
	{ "//voidlinux.org/", OS_LINUX },
	{ "//android-x86.org/", OS_OTHER },
	{ "//apple.com/", OS_OTHER },
	{ "//dragonflybsd.org/", OS_OTHER },
	{ "//freebsd.org/", OS_OTHER },
	{ "//freedos.org/", OS_OTHER },
	{ "//freenix.org/", OS_OTHER },
	{ "//haiku-os.org/", OS_OTHER },
	{ "//hyperbola.info/", OS_OTHER },
	{ "//midnightbsd.org/", OS_OTHER },
	{ "//netbsd.org/", OS_OTHER },
	{ "//novell.com/", OS_OTHER },
	{ "//omnios.org/", OS_OTHER },
	{ "//openbsd.org/", OS_OTHER },
	{ "//openindiana.org/", OS_OTHER },
	{ "//smartos.org/", OS_OTHER },
	{ "//sun.com/", OS_OTHER },
};

enum how {
	WHOLE,  /* the whole word */
	FRONT,  /* what it begins with */
	NUMBER, /* what it begins with, and then a digit or nothing */
	ANY     /* anywhere in it */
};

static const struct {
	const char *word;
	enum how how;
	enum os os;
} words[] = {
	/* before "win10": Apple's Darwin */
	{ "darwin", ANY, OS_OTHER },       { "windows", ANY, OS_WINDOWS },
	{ "win10", ANY, OS_WINDOWS },      { "win11", ANY, OS_WINDOWS },
	{ "win", NUMBER, OS_WINDOWS },     { "winxp", FRONT, OS_WINDOWS },
	{ "winvm", FRONT, OS_WINDOWS },    { "wingam", FRONT, OS_WINDOWS },
	{ "w7", WHOLE, OS_WINDOWS },       { "w8", WHOLE, OS_WINDOWS },
	{ "w10", WHOLE, OS_WINDOWS },      { "w11", WHOLE, OS_WINDOWS },
	{ "w10vm", WHOLE, OS_WINDOWS },    { "w11vm", WHOLE, OS_WINDOWS },
	{ "w2k", FRONT, OS_WINDOWS },      { "ltsc", WHOLE, OS_WINDOWS },
	{ "tiny10", WHOLE, OS_WINDOWS },   { "tiny11", WHOLE, OS_WINDOWS },
	{ "ubuntu", ANY, OS_LINUX },       { "debian", FRONT, OS_LINUX },
	{ "fedora", FRONT, OS_LINUX },     { "centos", FRONT, OS_LINUX },
	{ "rhel", NUMBER, OS_LINUX },      { "rocky", NUMBER, OS_LINUX },
	{ "alma", NUMBER, OS_LINUX },      { "linux", ANY, OS_LINUX },
	{ "arch", NUMBER, OS_LINUX },      { "manjaro", FRONT, OS_LINUX },
	{ "endeavour", FRONT, OS_LINUX },  { "mint", NUMBER, OS_LINUX },
	{ "opensuse", FRONT, OS_LINUX },   { "suse", NUMBER, OS_LINUX },
	{ "sles", NUMBER, OS_LINUX },      { "gentoo", FRONT, OS_LINUX },
	{ "nixos", FRONT, OS_LINUX },      { "kali", NUMBER, OS_LINUX },
	{ "alpine", NUMBER, OS_LINUX },    { "popos", FRONT, OS_LINUX },
	{ "slackware", FRONT, OS_LINUX },  { "nobara", FRONT, OS_LINUX },
	{ "bazzite", FRONT, OS_LINUX },    { "steamos", FRONT, OS_LINUX },
	{ "garuda", FRONT, OS_LINUX },     { "proxmox", FRONT, OS_LINUX },
	{ "hassos", FRONT, OS_LINUX },     { "haos", FRONT, OS_LINUX },
	{ "macos", FRONT, OS_OTHER },      { "osx", NUMBER, OS_OTHER },
	{ "mac", WHOLE, OS_OTHER },        { "machdd", WHOLE, OS_OTHER },
	{ "hackintosh", FRONT, OS_OTHER }, { "opencore", FRONT, OS_OTHER },
	{ "basesystem", WHOLE, OS_OTHER }, { "mojave", WHOLE, OS_OTHER },
	{ "catalina", WHOLE, OS_OTHER },   { "bigsur", WHOLE, OS_OTHER },
	{ "freebsd", FRONT, OS_OTHER },    { "openbsd", FRONT, OS_OTHER },
	{ "netbsd", FRONT, OS_OTHER },     { "opnsense", FRONT, OS_OTHER },
	{ "pfsense", FRONT, OS_OTHER },    { "haiku", NUMBER, OS_OTHER },
	{ "reactos", FRONT, OS_OTHER },    { "freedos", FRONT, OS_OTHER },
	{ "solaris", FRONT, OS_OTHER },
};

struct evidence {
	unsigned set;     /* of enum os */
	const char *kind; /* of the first piece */
	struct text piece;
};

static const char *os_name(unsigned os)
{
	return os == OS_WINDOWS ? "windows" : os == OS_LINUX ? "linux" : "other";
}

static enum os os_of_id(const char *id)
{
	for (size_t i = 0; id && i < ARRAY_SIZE(ids); i++) {
		if (strstr(id, ids[i].piece))
			return ids[i].os;
	}
	return OS_NONE;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_match(const char *word, const char *wanted, enum how how)
{
	const size_t n = strlen(wanted);

	switch (how) {
	case WHOLE:
		return !strcmp(word, wanted);
	case FRONT:
		return !strncmp(word, wanted, n);
	case NUMBER:
		return !strncmp(word, wanted, n) && (!word[n] || is_digit(word[n]));
	default:
		return strstr(word, wanted);
	}
}

static enum os os_of_word(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (is_match(word, words[i].word, words[i].how))
			return words[i].os;
	}
	return OS_NONE;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || is_digit(c);
}

/* All words of the text: "Win10_1809.iso" is win10, 1809, iso. */
static unsigned os_of_text(struct text t)
{
	char word[WORD_SIZE];
	size_t n = 0;
	unsigned set = OS_NONE;

	for (size_t i = 0; i <= t.len; i++) {
		const char c = i < t.len ? lower(t.at[i]) : '\0';

		if (is_word_char(c)) {
			if (n < sizeof(word) - 1)
				word[n++] = c;
			continue;
		}
		word[n] = '\0';
		set |= n ? os_of_word(word) : OS_NONE;
		n = 0;
	}
	return set;
}

static void weigh(struct evidence *e, const char *kind, struct text t)
{
	const unsigned set = os_of_text(t);

	if (set && !e->set) {
		e->kind = kind;
		e->piece = t;
	}
	e->set |= set;
}

/* Folders are named after other things too: people, hosts, pools. */
static struct text file_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return text_of(slash ? slash + 1 : path);
}

static void weigh_words(struct evidence *e, const struct domain_facts *f, const char *description)
{
	const struct domain_disk *disks = f->disks.v;

	weigh(e, "its name", text_of(f->name.known ? f->name.v : NULL));
	weigh(e, "its description", text_of(description));
	for (size_t i = 0; i < f->disks.n; i++) {
		if (disks[i].source.known)
			weigh(e, "a medium", file_name(disks[i].source.v));
	}
}

static bool has_enlightenments(const struct domain_facts *f)
{
	static const char *const names[] = { "hyperv.relaxed", "hyperv.vapic", "hyperv.spinlocks" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *value = setting_value(&f->features, names[i]);

		if (value && !strcmp(value, "on"))
			return true;
	}
	return fact_is(&f->hyperv_mode, "passthrough");
}

static bool has_apple_smc(const struct domain_facts *f)
{
	for (size_t i = 0; i < f->qemu_args.n; i++) {
		if (strstr(f->qemu_args.v[i], "isa-applesmc"))
			return true;
	}
	return false;
}

static void weigh_features(struct evidence *e, const struct domain_facts *f)
{
	if (has_enlightenments(f)) {
		e->set |= OS_WINDOWS;
		e->kind = "Hyper-V enlightenments";
	}
	if (has_apple_smc(f)) {
		e->set |= OS_OTHER;
		e->kind = "Apple's SMC";
	}
}

static int decide(struct domain_facts *f, const struct evidence *e, struct arena *a)
{
	char clean[80];
	const char *from = e->kind;

	if (e->set != OS_WINDOWS && e->set != OS_LINUX && e->set != OS_OTHER)
		return 0;
	if (e->piece.len) {
		text_clean(e->piece, clean, sizeof(clean));
		from = arena_printf(a, "%s: %s", e->kind, clean);
		if (!from)
			return -ENOMEM;
	}
	f->guest_os = (struct fact_str){ true, os_name(e->set) };
	f->guest_os_from = (struct fact_str){ true, from };
	return 0;
}

int guest_os_decide_by(struct domain_facts *f, const char *osinfo_id, const char *description,
		       struct arena *a)
{
	struct evidence told = { .set = os_of_id(osinfo_id), "libosinfo", text_of(osinfo_id) };
	struct evidence features = { 0 }, named = { 0 };

	weigh_features(&features, f);
	if (told.set && features.set && told.set != features.set)
		return 0;
	if (told.set)
		return decide(f, &told, a);
	if (features.set)
		return decide(f, &features, a);
	weigh_words(&named, f, description);
	return decide(f, &named, a);
}

int guest_os_decide(struct domain_facts *f, const char *osinfo_id, struct arena *a)
{
	return guest_os_decide_by(f, osinfo_id, NULL, a);
}
