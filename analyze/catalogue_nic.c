/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalogue_nic.c - rows about network cards of the guest. */
#include "analyze/catalogue_refs.h"

#define DOMAIN_FORMAT "https://libvirt.org/formatdomain.html#network-interfaces"
#define PVE_NETWORK   "https://pve.proxmox.com/pve-docs/chapter-qm.html#qm_network_device"
#define IP_SYSCTL     "https://docs.kernel.org/networking/ip-sysctl.html"
#define SECTION       "Networking"

extern const struct tweak catalogue_nic[];

const struct tweak catalogue_nic[] = {
	{
		.id = "net.bridge",
		.section = SECTION,
		.title = "Bridge to the network",
		.claim = "Define a bridged network in libvirt with virsh net-define and use the bridge.",
		.today = "Right, although an interface of type bridge does not use the network that "
			 "was defined. The default network adds NAT; QEMU's user network adds TCP/IP "
			 "in its main loop.",
		.detect = "type and source of each network card, bridges of the host",
		.proof = "round trip from the guest to another machine",
		.standing = STANDING_RIGHT,
		.fix = {
			.persist = "make a bridge and put the host's wired card (CARD) in it, for "
				   "example:\n"
				   "sudo nmcli connection add type bridge ifname {bridge} con-name {bridge}\n"
				   "sudo nmcli connection add type bridge-slave ifname CARD master {bridge}\n"
				   "sudo nmcli connection up {bridge}\n"
				   "then <interface type='bridge'><source bridge='{bridge}'/> in the "
				   "guest's configuration (Proxmox: bridge=vmbr0; QEMU: -netdev "
				   "tap,br={bridge},helper=/usr/lib/qemu/qemu-bridge-helper,vhost=on)",
			.undo = "put the former interface back",
			.risk = "The guest is seen by the whole network. A wireless card cannot be in a "
				"bridge. The host loses its connection while its card moves.",
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(DOMAIN_FORMAT),
	},
	{
		.id = "net.model",
		.section = SECTION,
		.title = "Path of packets: model virtio and vhost",
		.claim = "Use the model virtio-net-pci in place of virtio, for performance and because "
			 "of problems with Hyper-V enlightenments.",
		.today = "Wrong: it is the same device, but libvirt opens vhost-net, and takes queues, "
			 "only where the model is called virtio. Under the other name each packet "
			 "goes through QEMU's main loop.",
		.detect = "model of each network card, vhost=on of QEMU, /dev/vhost-net",
		.proof = "CPU time of the emulator thread under network load; a vhost thread",
		.standing = STANDING_WRONG,
		.fix = {
			.change = {
				[CHANGE_PROXMOX] = "qm set {vmid} --net0 virtio=MAC,bridge=vmbr0 "
						   "# MAC and bridge as they are",
				[CHANGE_QEMU] = "vhost=on in -netdev tap (not in -netdev bridge: "
						"tap,helper=… in its place)",
			},
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(DOMAIN_FORMAT, "source: libvirt src/qemu/qemu_interface.c, "
				"qemuInterfaceOpenVhostNet"),
	},
	{
		.id = "net.sriov-detect",
		.section = SECTION,
		.title = "Network cards with SR-IOV",
		.claim = "A card can do SR-IOV if lspci -vvv has a line with \"Root\".",
		.today = "Wrong test: Root Port and RootCap match as well. The file sriov_totalvfs is "
			 "there with SR-IOV only.",
		.detect = "sriov_totalvfs of the host's network cards",
		.proof = "none",
		.standing = STANDING_WRONG,
		.refs = REFS("https://docs.kernel.org/PCI/pci-iov-howto.html"),
	},
	{
		.id = "net.sriov-model",
		.section = SECTION,
		.title = "Model sr-iov of a network card",
		.claim = "With SR-IOV replace the model type with sr-iov.",
		.today = "Wrong: QEMU has no such device and refuses to start. A virtual function is "
			 "passed through as an interface of type hostdev.",
		.detect = "model of each network card",
		.proof = "QEMU's message: 'sr-iov' is not a valid device model name",
		.standing = STANDING_WRONG,
		.fix = {
			.persist = "sudo virsh edit {guest}, in that <interface>:\n"
				   "<model type='virtio'/>\n"
				   "or a virtual function of the card in its place: echo 4 | sudo tee "
				   "/sys/bus/pci/devices/ADDRESS/sriov_numvfs\n"
				   "then, for one of them at BUS:SLOT.FUNCTION:\n"
				   "<interface type='hostdev' managed='yes'>\n"
				   "  <source><address type='pci' domain='0x0000' bus='0xBUS' "
				   "slot='0xSLOT' function='0xFUNCTION'/></source>\n</interface>",
			.undo = "put the former interface back",
			.risk = "A virtual function needs an IOMMU, and a driver of the card in the guest.",
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(DOMAIN_FORMAT, "measured: QEMU 7.2: 'sr-iov' is not a valid device model name"),
	},
	{
		.id = "net.emulated-nic",
		.section = SECTION,
		.title = "Emulated network cards",
		.claim = "Emulating a real card takes much CPU; use virtio or pass a card through.",
		.today = "Right: each access to a register of the card leaves the guest.",
		.detect = "model of each network card",
		.proof = "exits per packet; CPU time of the emulator thread",
		.standing = STANDING_RIGHT,
		.fix = {
			.risk = "Windows needs the driver NetKVM first, from virtio-win, and sees a new "
				"card: fixed addresses have to be set again.",
			.change = {
				[CHANGE_PROXMOX] = "qm set {vmid} --net0 virtio=MAC,bridge=vmbr0 "
						   "# MAC and bridge as they are",
				[CHANGE_QEMU] = "-device virtio-net-pci,netdev=NAME in place of the card",
			},
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(DOMAIN_FORMAT, PVE_NETWORK),
	},
	{
		.id = "net.hw-timestamp",
		.section = SECTION,
		.title = "Network cards with hardware timestamps",
		.claim = "Buy an Intel card that can do hardware timestamps.",
		.today = "Of no use to the latency of a guest: timestamps serve clocks over the "
			 "network (PTP).",
		.detect = "none",
		.proof = "none",
		.standing = STANDING_WRONG,
		.unseen = "It is advice on what to buy, and timestamps make no packet faster.",
		.refs = REFS("https://docs.kernel.org/networking/timestamping.html"),
	},
	{
		.id = "net.netkvm",
		.section = SECTION,
		.title = "Driver NetKVM in Windows",
		.claim = "Windows needs the driver NetKVM for a card of model virtio.",
		.today = "Right.",
		.detect = "none",
		.proof = "none",
		.standing = STANDING_RIGHT,
		.unseen = "Drivers inside of the guest cannot be seen from the host.",
		.refs = REFS("https://github.com/virtio-win/kvm-guest-drivers-windows"),
	},
	{
		.id = "net.multiqueue",
		.section = SECTION,
		.title = "Queues of the network cards",
		.claim = "With virtio set queues for multiqueue.",
		.today = "Right for model virtio only, and of use with many connections at a time; "
			 "more queues than vCPUs serve nobody.",
		.detect = "queues of each network card against the vCPUs",
		.proof = "vhost threads, interrupts per queue",
		.standing = STANDING_INCOMPLETE,
		.fix = {
			.change = {
				[CHANGE_PROXMOX] = "qm set {vmid} --net0 virtio=MAC,bridge=vmbr0,"
						   "queues={queues} # MAC and bridge as they are",
				[CHANGE_QEMU] = "queues={queues} in -netdev, with mq=on,vectors= twice "
						"that plus 2 in -device",
			},
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS(DOMAIN_FORMAT, PVE_NETWORK),
	},
	{
		.id = "net.arp-filter",
		.section = "Minor performance tweaks",
		.title = "ARP answers of cards in one subnet",
		.claim = "Set net.ipv4.conf.all.arp_filter=1 against ARP flux.",
		.today = "Right where two cards of the host are in one subnet, with routes by source; "
			 "no question of latency elsewhere.",
		.detect = "addresses of the host's cards, net.ipv4.conf.all.arp_filter",
		.proof = "who answers ARP requests",
		.standing = STANDING_RIGHT,
		.fix = {
			.risk = "Needs a route by source address for each card; without, answers may "
				"fail to be sent at all.",
			.change = { [CHANGE_SYSCTL] = "net.ipv4.conf.all.arp_filter=1" },
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS(IP_SYSCTL),
	},
	{ .id = NULL },
};
