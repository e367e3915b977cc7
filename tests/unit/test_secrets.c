/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/secrets.h"
#include "tests/lib/check.h"

static void test_hide(void **state)
{
	static const struct {
		const char *option, *arg, *want; /* want NULL: as it is */
	} cases[] = {
		{ "-spice", "port=5900,password=geheim,seamless-migration=on",
		  "port=5900,password=***,seamless-migration=on" },
		{ "-spice", "password=a,,b,port=1", "password=***,port=1" },
		{ "-spice", "password=,port=1", "password=***,port=1" },
		{ "-spice", "password=a b:c&d", "password=***" },
		{ "-spice", "Password=x", "Password=***" },
		{ "-vnc", ":1,password", NULL },
		{ "-vnc", ":1,password=on", ":1,password=***" },
		{ "-vnc", ":1,password-secret=sec0", NULL },
		{ "-drive", "file=x,file.password=y,if=virtio",
		  "file=x,file.password=***,if=virtio" },
		{ "-drive", "file=x,file.password-secret=y", NULL },
		{ "-drive", "file.cookie=a; b=c,if=virtio", "file.cookie=***,if=virtio" },
		{ "-iscsi", "user=me,password=y", "user=me,password=***" },
		{ "-blockdev", "driver=luks,key-secret=sec0,node-name=x", NULL },
		{ "-object", "secret,id=sec0,data=QUJD,format=base64",
		  "secret,id=sec0,data=***,format=base64" },
		{ "--object", "secret,data=x", "secret,data=***" },
		{ "-object", "secret,id=masterKey0,format=raw,file=/var/lib/x", NULL },
		{ "-object",
		  "{\"qom-type\":\"secret\",\"id\":\"s\",\"data\":\"a\\\"b,c\",\"format\":\"raw\"}",
		  "{\"qom-type\":\"secret\",\"id\":\"s\",\"data\":\"***\",\"format\":\"raw\"}" },
		{ "-blockdev", "{ \"password\" : \"x\", \"n\": 1 }",
		  "{ \"password\" : \"***\", \"n\": 1 }" },
		{ "-blockdev", "{\"password\":\"never ends", "{\"password\":\"***" },
		{ "-blockdev", "{\"password\":17}", NULL },
		{ "-device", "x,data=5", NULL },
		{ "-drive",
		  "file=rbd:pool/image:id=admin:key=AQDY==:auth_supported=cephx,if=virtio",
		  "file=rbd:pool/image:id=admin:key=***,if=virtio" },
		{ "-drive", "file=pool,key=5", NULL },
		{ "-drive", "file=https://me:word@host/a.iso,if=ide",
		  "file=https://me:***@host/a.iso,if=ide" },
		{ "-drive", "file=https://me:w@rd@host/a.iso", "file=https://me:***@host/a.iso" },
		{ "-drive", "file=https://host:443/a@b.iso", NULL },
		{ "-drive", "file=nbd://host/x", NULL },
		{ "-fw_cfg", "name=opt/x,string={secrets}", "name=opt/x,string=***" },
		{ "-fw_cfg", "name=opt/x,file=/tmp/x", NULL },
		{ "-fw_cfg", "opt/ovmf/X-PciMmio64Mb,string=65536", NULL },
		{ "-smbios", "type=11,value=io.systemd.credential:a=b", "type=11,value=***" },
		{ "-smbios", "type=1,serial=5", NULL },
		{ "-append", "root=/dev/sda token=5 quiet", "root=/dev/sda token=***" },
		{ "", "password=", "password=***" },
		{ "", "", NULL },
		{ "", "://:@", "://:***@" },
		{ "", "nopasswordhere", NULL },
		{ "", "=password", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_free char *got = secrets_hide(text_of(cases[i].option), text_of(cases[i].arg));

		assert_non_null(got);
		assert_string_equal(got, cases[i].want ? cases[i].want : cases[i].arg);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_hide) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
