/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalogue_setup.c - rows about the machine itself and libvirt's settings. */
#include "analyze/catalogue_refs.h"

#define QEMU_CONF "source: comments of libvirt's qemu.conf"
#define RESTART_LIBVIRT \
	"sudo systemctl restart virtqemud 2>/dev/null || sudo systemctl restart libvirtd"

extern const struct tweak catalogue_setup[];

const struct tweak catalogue_setup[] = {
	{
		.id = "env.identity",
		.section = "Hardware",
		.title = "What this host is",
		.claim = "Tell board, CPU, graphics cards, memory, firmware, distribution, kernel, QEMU "
			 "and the guest's system.",
		.today = "Right: without them a number means nothing to others. Serial numbers and "
			 "addresses do not belong there.",
		.detect = "kernel, distribution, CPU, board, firmware, QEMU and libvirt as they name "
			  "themselves",
		.proof = "none: two results are compared only when these are the same",
		.standing = STANDING_RIGHT,
		.fix = { .needs = NEEDS_NOTHING },
		.refs = REFS("source: judgement"),
	},
	{
		.id = "env.software",
		.section = "Software",
		.title = "What the guide was written on",
		.claim = "Arch Linux with linux-hardened, QEMU 6.0.0, Windows 10 20H2 as the guest, "
			 "sound through PipeWire's JACK or the graphics card.",
		.today = "Outdated as versions: kernel, QEMU and libvirt have since taken over some of "
			 "what it does by hand. Rows that depend on a version name it.",
		.detect = "the versions that env.identity names",
		.proof = "none",
		.standing = STANDING_OUTDATED,
		.unseen = "A list of what the guide ran on is no claim; what runs here is in "
			  "env.identity.",
		.refs = REFS("source: judgement"),
	},
	{
		.id = "fw.bios-current",
		.section = "Preinstallation/Setup",
		.title = "Age of the firmware",
		.claim = "Update the firmware first: it solves many bugs of the IOMMU and of "
			 "virtualisation.",
		.today = "Right as advice, and Ryzen boards with an unstable TSC need it. Which version is "
			 "the newest, only the maker's site tells; new firmware may also change IOMMU "
			 "groups and forgets settings.",
		.detect = "version and date in DMI, microcode, lines of the kernel that blame the firmware",
		.proof = "those lines are gone; gaps in hardware latency before and after",
		.standing = STANDING_RIGHT,
		.fix = {
			.persist = "Get the newest firmware for {board} from its maker's site (installed: "
				   "{bios}); note settings of overclocking, IOMMU and SVM or VT-x first, "
				   "and set them again afterwards.",
			.undo = "",
			.risk = "An update that is interrupted may leave a board that does not start.",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS("https://github.com/RPCS3/rpcs3/issues/16545"),
	},
	{
		.id = "wdt.itco",
		.section = "Minor performance tweaks",
		.title = "Hardware watchdog",
		.claim = "Blacklist iTCO_wdt, \"the kernel watchdog\".",
		.today = "The wrong target: iTCO_wdt is the chipset's hardware watchdog, which interrupts "
			 "nobody. What interrupts CPUs are the lockup detectors, switched by "
			 "kernel.watchdog and kernel.nmi_watchdog.",
		.detect = "lines \"blacklist iTCO_wdt\" in modprobe.d, kernel.watchdog",
		.proof = "none: it takes no interrupts",
		.standing = STANDING_WRONG,
		.fix = {
			.persist = "sudo sed -i -E '/^blacklist +{module}/s/^/#/' {file}",
			.undo = "sudo sed -i -E 's/^#(blacklist +{module})/\\1/' {file}",
			.risk = "Nothing arms it by itself. A host that hangs may then be restarted by it, "
				"where a program asks for that.",
			.needs = NEEDS_REBOOT,
		},
		.refs = REFS("https://docs.kernel.org/watchdog/watchdog-parameters.html",
			     "https://docs.kernel.org/admin-guide/lockup-watchdogs.html"),
	},
	{
		.id = "tuned.virtual-host",
		.section = "Minor performance tweaks",
		.title = "Profile of tuned",
		.claim = "Use tuned with the profile virtual-host.",
		.today = "Right but modest: throughput-performance with less dirty memory. It isolates no "
			 "CPU and moves no interrupt; realtime-virtual-host and cpu-partitioning do.",
		.detect = "active profile, and the values it sets",
		.proof = "those of the single settings",
		.standing = STANDING_INCOMPLETE,
		.fix = {
			.now = "sudo tuned-adm profile virtual-host",
			.persist = "sudo systemctl enable --now tuned\nsudo tuned-adm profile "
				   "virtual-host",
			.undo = "sudo tuned-adm profile {profile}",
			.risk = "It sets the governor to performance: more heat and power.",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS("source: tuned 2.20, profiles virtual-host and throughput-performance"),
	},
	{
		.id = "qemuconf.host-audio",
		.section = "Static Hugepages",
		.title = "Sound of guests without a screen",
		.claim = "nographics_allow_host_audio = 1 in qemu.conf.",
		.today = "Fine where the guest has a sound card and no SPICE or VNC; elsewhere it does "
			 "nothing.",
		.detect = "qemu.conf, sound cards of the guest",
		.proof = "none: no question of latency",
		.standing = STANDING_RIGHT,
		.fix = {
			.persist = "sudo sed -i -E 's/^(nographics_allow_host_audio)/#\\1/' "
				   "/etc/libvirt/qemu.conf\n" RESTART_LIBVIRT,
			.undo = "sudo sed -i -E 's/^#(nographics_allow_host_audio *= *1)/\\1/' "
				"/etc/libvirt/qemu.conf\n" RESTART_LIBVIRT,
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(QEMU_CONF),
	},
	{
		.id = "qemuconf.user-group",
		.section = "Static Hugepages",
		.title = "User that QEMU runs as",
		.claim = "user = YOU and group = kvm in qemu.conf.",
		.today = "It works, and gives a guest that breaks out your account with all your files. "
			 "An <audio> element and the rights to one socket do without.",
		.detect = "user and group in qemu.conf",
		.proof = "none: it is about security",
		.standing = STANDING_OUTDATED,
		.fix = {
			.persist = "sudo sed -i -E 's/^(user|group)( *=)/#\\1\\2/' /etc/libvirt/qemu.conf\n"
				   RESTART_LIBVIRT,
			.undo = "sudo sed -i -E 's/^#(user|group)( *=)/\\1\\2/' /etc/libvirt/qemu.conf\n"
				RESTART_LIBVIRT,
			.risk = "Sound over the user's own PulseAudio or PipeWire needs another way in, and "
				"images in the home directory need rights for QEMU's user.",
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(QEMU_CONF),
	},
	{
		.id = "qemuconf.device-acl",
		.section = "Static Hugepages",
		.title = "Devices that QEMU may open",
		.claim = "List the input devices in cgroup_device_acl, with the defaults and /dev/kqemu.",
		.today = "Needed only for input by qemu:commandline: <input type='evdev'> (libvirt 7.4) "
			 "adds its device itself. /dev/kqemu is gone for many years, and a list of one's "
			 "own loses defaults that newer releases add.",
		.detect = "cgroup_device_acl of qemu.conf against the guest's input devices",
		.proof = "the guest starts",
		.standing = STANDING_OUTDATED,
		.fix = {
			.persist = "With <input type='evdev'> in the guest's configuration, take the list "
				   "out:\nsudo sed -i '/^cgroup_device_acl/,/\\]/s/^/#/' "
				   "/etc/libvirt/qemu.conf\n" RESTART_LIBVIRT,
			.undo = "sudo sed -i '/^#cgroup_device_acl/,/\\]/s/^#//' /etc/libvirt/qemu.conf\n"
				RESTART_LIBVIRT,
			.risk = "Input by qemu:commandline fails without the list.",
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(DOMAIN_XML, QEMU_CONF),
	},
	{
		.id = "perm.groups",
		.section = "Static Hugepages",
		.title = "Groups of the user",
		.claim = "gpasswd -a YOU kvm,libvirt.",
		.today = "Wrong syntax: gpasswd takes one group (\"group 'kvm,libvirt' does not exist\"). "
			 "usermod -aG takes several. Who is in group libvirt is as good as root.",
		.detect = "groups of the user who asks",
		.proof = "virsh list works without sudo",
		.standing = STANDING_WRONG,
		.is_trade_off = true,
		.fix = {
			.persist = "sudo usermod -aG {groups} \"$USER\"\nLog in again.",
			.undo = "for g in $(echo {groups} | tr , ' '); do sudo gpasswd -d \"$USER\" $g; done",
			.risk = "For it: guests without a password. Against it: group libvirt may start "
				"guests that see every disk of the host, which is as good as root.",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS("measured: gpasswd -a USER kvm,libvirt is refused",
			     "source: usermod(8)"),
	},
	{ .id = NULL },
};
