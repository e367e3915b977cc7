/* SPDX-License-Identifier: GPL-2.0-or-later */
/* qemu_display.c - QEMU's displays, video devices and sound, in libvirt's words. */
#include <string.h>

#include "probes/parse/qemu_parts.h"

struct name { /* a driver of -device, or a value of an option, and its name in libvirt */
	const char *qemu, *libvirt;
};

static const struct name video_devices[] = {
	{ "VGA", "vga" },
	{ "secondary-vga", "vga" },
	{ "isa-vga", "vga" },
	{ "qxl", "qxl" },
	{ "qxl-vga", "qxl" },
	{ "virtio-vga", "virtio" },
	{ "virtio-vga-gl", "virtio" },
	{ "virtio-gpu", "virtio" },
	{ "virtio-gpu-pci", "virtio" },
	{ "virtio-gpu-gl-pci", "virtio" },
	{ "cirrus-vga", "cirrus" },
	{ "isa-cirrus-vga", "cirrus" },
	{ "vmware-svga", "vmvga" },
	{ "ramfb", "ramfb" },
	{ "bochs-display", "bochs" },
	{ NULL, NULL },
};

static const struct name vga_values[] = {
	{ "std", "vga" },       { "qxl", "qxl" },      { "virtio", "virtio" }, { "none", "none" },
	{ "cirrus", "cirrus" }, { "vmware", "vmvga" }, { NULL, NULL },
};

static const struct name sound_devices[] = {
	{ "ich9-intel-hda", "ich9" },     { "intel-hda", "ich6" },      { "AC97", "ac97" },
	{ "ES1370", "es1370" },           { "sb16", "sb16" },           { "usb-audio", "usb" },
	{ "virtio-sound-pci", "virtio" }, { "virtio-sound", "virtio" }, { NULL, NULL },
};

static const struct name soundhw_values[] = {
	{ "hda", "ich6" },  { "ac97", "ac97" },     { "es1370", "es1370" },
	{ "sb16", "sb16" }, { "usb-audio", "usb" }, { NULL, NULL },
};

static const struct name audio_drivers[] = {
	{ "pa", "pulseaudio" },
	{ "wav", "file" },
	{ NULL, NULL },
};

static const char *find_name(const struct name *names, const char *qemu)
{
	while (names->qemu && strcmp(names->qemu, qemu) != 0)
		names++;
	return names->libvirt;
}

static int add_name(struct qemu_reader *r, struct fact_strs *f, const char *name)
{
	return name ? fact_add_str(f, r->arena, name) : 0;
}

static int add_devices(struct qemu_reader *r, struct fact_strs *f, const struct name *names)
{
	const struct qemu_entry *entry;
	size_t at = 0;
	int e = 0;

	while (e == 0 && (entry = qemu_next(r, "-device", &at)))
		e = add_name(r, f, find_name(names, entry->kind));
	return e;
}

static int read_videos(struct qemu_reader *r)
{
	struct fact_strs *videos = &r->facts->videos;
	const char *vga = qemu_last(r, "-vga", "model");
	int e = 0;

	videos->known = true;
	if (vga)
		e = add_name(r, videos, find_name(vga_values, vga));
	if (e == 0)
		e = add_devices(r, videos, video_devices);
	/* What QEMU adds where nothing is told. */
	if (e == 0 && !vga && !videos->n && *r->program && !qemu_has(r, "-nodefaults") &&
	    qemu_is_x86(r))
		e = add_name(r, videos, "vga");
	return e;
}

/* Each kind once. */
static int add_graphics(struct qemu_reader *r, const char *name)
{
	struct fact_strs *graphics = &r->facts->graphics;

	for (size_t i = 0; i < graphics->n; i++) {
		if (!strcmp(graphics->v[i], name))
			return 0;
	}
	return add_name(r, graphics, name);
}

static int read_graphics(struct qemu_reader *r)
{
	static const char *const options[][2] = {
		{ "-vnc", "vnc" },
		{ "-spice", "spice" },
		{ "-sdl", "sdl" },
	};
	const char *display = qemu_last(r, "-display", "type");
	const char *vnc = qemu_last(r, "-vnc", "display");
	bool is_any = display || qemu_has(r, "-nographic");
	int e = 0;

	if (display && strcmp(display, "none") != 0)
		e = add_graphics(r, text_starts(text_of(display), "spice") ? "spice" : display);
	for (size_t i = 0; e == 0 && i < ARRAY_SIZE(options); i++) {
		const bool is_off = i == 0 && vnc && !strcmp(vnc, "none");

		is_any |= qemu_has(r, options[i][0]);
		if (qemu_has(r, options[i][0]) && !is_off)
			e = add_graphics(r, options[i][1]);
	}
	/* Without a word it depends on how QEMU was built. */
	r->facts->graphics.known = is_any;
	return e;
}

/* -soundhw is a list; "hda" of today is the device intel-hda. */
static int read_sounds(struct qemu_reader *r)
{
	struct fact_strs *sounds = &r->facts->sounds;
	const char *old = qemu_last(r, "-soundhw", "model");
	const char *audio = qemu_last(r, "-audio", "model");
	int e = add_devices(r, sounds, sound_devices);

	sounds->known = true;
	if (e == 0 && old)
		e = add_name(r, sounds, find_name(soundhw_values, old));
	if (e == 0 && audio)
		e = add_name(r, sounds, find_name(soundhw_values, audio));
	return e;
}

static int read_audio(struct qemu_reader *r)
{
	const char *driver = qemu_last(r, "-audiodev", "driver");
	const char *period = qemu_last(r, "-audiodev", "timer-period"), *name;
	int e;

	if (!driver)
		driver = qemu_last(r, "-audio", "driver");
	if (!driver)
		return 0;
	name = find_name(audio_drivers, driver);
	e = qemu_set_str(r, &r->facts->audio_driver, name ? name : driver);
	return e < 0 ? e : qemu_set_u64(r, &r->facts->audio_timer_us, "audio_timer_us", period);
}

int qemu_read_display(struct qemu_reader *r)
{
	int e = read_videos(r);

	if (e == 0)
		e = read_graphics(r);
	if (e == 0)
		e = read_sounds(r);
	return e == 0 ? read_audio(r) : e;
}
