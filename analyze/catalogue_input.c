/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalogue_input.c - rows about keyboard, mouse and sound of the guest. */
#include "analyze/catalogue_refs.h"

#define DOMAIN_INPUT "https://libvirt.org/formatdomain.html#input-devices"
#define DOMAIN_SOUND "https://libvirt.org/formatdomain.html#audio-devices"
#define DOMAIN_QEMU  "https://libvirt.org/drvqemu.html#pass-through-of-arbitrary-qemu-commands"
#define LG_DOC       "https://github.com/gnif/LookingGlass/blob/master/doc/install_libvirt.rst"
#define SECTION      "Guest Audio and keyboard+mouse"

extern const struct tweak catalogue_input[];

const struct tweak catalogue_input[] = {
	{
		.id = "audio.pa-backend",
		.section = SECTION,
		.title = "Timer of QEMU's sound",
		.claim = "Use -audiodev pa with out.buffer-length=4000,timer-period=1000 by "
			 "qemu:commandline.",
		.today = "The values work, the form is outdated: libvirt 7.2 has <audio>. A period of "
			 "1000 us is a thousand wake-ups a second of QEMU's main loop, which then must "
			 "not run on the guest's CPUs.",
		.detect = "audio backend, its timer period, and where the emulator may run",
		.proof = "wake-ups per second and run time of the emulator thread",
		.standing = STANDING_OUTDATED,
		.fix = {
			.persist = "pin the emulator to CPUs of the host (pin.emulator), or leave "
				   "timer-period= out: 10000 us are the default",
			.undo = "put timer-period=1000 back",
			.risk = "A longer period may need a longer buffer, that is a longer delay of "
				"sound.",
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(DOMAIN_SOUND),
	},
	{
		.id = "qemu.commandline-ns",
		.section = SECTION,
		.title = "Namespace of qemu:commandline",
		.claim = "Add a block <qemu:commandline> to the XML.",
		.today = "Wrong as printed: without xmlns:qemu in <domain> libvirt drops the block "
			 "without a word.",
		.detect = "the element and the namespace it is in",
		.proof = "the arguments are missing in QEMU's command line",
		.standing = STANDING_WRONG,
		.fix = {
			.persist = "sudo virsh edit {guest}: make the first line, and write the block "
				   "in the same edit (libvirt has dropped it)\n"
				   "<domain type='{type}' "
				   "xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>",
			.undo = "take the block out",
			.risk = "libvirt marks the guest as tainted.",
			.change = { [CHANGE_XML] = ".@xmlns:qemu="
						   "http://libvirt.org/schemas/domain/qemu/1.0" },
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(DOMAIN_QEMU, "measured: virsh domxml-to-native of libvirt 9.0 leaves the "
				"arguments out; virt-xml-validate refuses the block"),
	},
	{
		.id = "audio.pipewire-env",
		.section = SECTION,
		.title = "PipeWire's directory in QEMU's environment",
		.claim = "Set PIPEWIRE_RUNTIME_DIR=/run/user/1000 in qemu:env.",
		.today = "Works while the user has that number; QEMU 8.1 has a backend for PipeWire of "
			 "its own.",
		.detect = "none",
		.proof = "none",
		.standing = STANDING_INCOMPLETE,
		.unseen = "It decides whether there is sound at all, no question of latency.",
		.refs = REFS("https://www.qemu.org/docs/master/system/qemu-manpage.html"),
	},
	{
		.id = "input.evdev",
		.section = SECTION,
		.title = "Keyboard and mouse by evdev",
		.claim = "Pass keyboard and mouse on by -object input-linux in qemu:commandline; both "
			 "control keys switch.",
		.today = "Outdated form: libvirt 7.4 has <input type='evdev'>, and opens the device "
			 "itself, without an entry in cgroup_device_acl; grabToggle since 7.6.",
		.detect = "inputs of type evdev, and how they are told",
		.proof = "delay from an input event to the kick of a vCPU",
		.standing = STANDING_OUTDATED,
		.fix = {
			.persist = "in <devices>, in place of the -object input-linux arguments:"
				   "{elements}",
			.undo = "put the arguments back",
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(DOMAIN_INPUT),
	},
	{
		.id = "input.evdev-path",
		.section = SECTION,
		.title = "Names of evdev devices",
		.claim = "Name the devices by /dev/input/by-id.",
		.today = "Right: eventN is numbered in the order of discovery.",
		.detect = "path of each input of type evdev",
		.proof = "none: it is about the right device",
		.standing = STANDING_RIGHT,
		.fix = {
			.persist = "find its name: ls -l /dev/input/by-id /dev/input/by-path | grep -w "
				   "{event}\nthen put that path into the guest's configuration",
			.undo = "put the former path back",
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(DOMAIN_INPUT),
	},
	{
		.id = "input.virtio",
		.section = "Important files modified or added",
		.title = "Virtio keyboard and mouse behind evdev",
		.claim = "With evdev install the driver virtio-input: the default (PS/2) has very high "
			 "DPC latency.",
		.today = "Right, and the host can see it: each event of a PS/2 device is several port "
			 "accesses that leave for QEMU.",
		.detect = "inputs of type evdev, and whether one is on the bus virtio; "
			  "a trace of the run",
		.proof = "exits for ports 0x60 and 0x64 per second while the mouse moves",
		.standing = STANDING_RIGHT,
		.fix = {
			.risk = "The guest needs the driver vioinput (virtio-win); the PS/2 devices stay "
				"and serve the firmware.",
			.change = {
				[CHANGE_PROXMOX] = "/etc/pve/qemu-server/{vmid}.conf, args: -device "
						   "virtio-keyboard-pci -device virtio-mouse-pci",
				[CHANGE_QEMU] = "-device virtio-keyboard-pci -device virtio-mouse-pci",
			},
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(DOMAIN_INPUT, LG_DOC),
	},
	{
		.id = "xml.usb",
		.section = "",
		.title = "Emulated USB tablet",
		.claim = "",
		.today = "The guest polls the tablet, which keeps a timer of QEMU's main loop running; "
			 "a guest that is used through its own screen does not need it.",
		.detect = "inputs of type tablet on the bus usb",
		.proof = "wake-ups per second of the emulator thread",
		.standing = STANDING_BEYOND,
		.fix = {
			.risk = "In a SPICE or VNC window the pointer then has to be captured.",
			.change = {
				[CHANGE_PROXMOX] = "qm set {vmid} --tablet 0",
				[CHANGE_QEMU] = "leave -device usb-tablet (-usbdevice tablet) out",
			},
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS("https://libvirt.org/kbase/kvm-realtime.html"),
	},
	{
		.id = "usb.host-autosuspend",
		.section = "",
		.title = "Autosuspend of keyboard and mouse",
		.claim = "",
		.today = "A USB device that the host lets sleep takes a moment to wake at the first "
			 "key; the kernel lets keyboards and mice sleep only when told to.",
		.detect = "power/control of the USB device behind an evdev device",
		.proof = "delay of the first event after a pause",
		.standing = STANDING_BEYOND,
		.unseen = "It delays the first event after a pause only, and the kernel's default is "
			  "not to.",
		.refs = REFS("https://docs.kernel.org/driver-api/usb/power-management.html"),
	},
	{ .id = NULL },
};
