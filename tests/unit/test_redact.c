/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: tests/lib/schemas.c */
/* Documents that may be shared: each text by its class, nothing that no table knows. */
#include <string.h>

#include "analyze/host.h"
#include "facts/calibration.h"
#include "facts/comparison.h"
#include "facts/fleet.h"
#include "facts/record.h"
#include "report/redact.h"
#include "tests/lib/check.h"
#include "tests/lib/schemas.h"

static const uint8_t salt[ALIASES_SALT_SIZE] = "always the same";

static struct doc *parse(const char *text)
{
	struct doc_error error;
	struct doc *d = NULL;

	if (doc_parse(text, strlen(text), &d, &error) < 0)
		fail_msg("%s: %s", text, error.message);
	return d;
}

static struct doc *redact(const struct doc *d)
{
	auto_redaction struct redaction *r = NULL;
	struct doc *copy = NULL;

	assert_int_equal(redaction_new(salt, &r), 0);
	assert_int_equal(redact_document(r, d, &copy), 0);
	return copy;
}

static char *redact_json(const char *text)
{
	auto_doc struct doc *d = parse(text);
	auto_doc struct doc *copy = redact(d);
	char *printed = doc_print(copy, false);

	assert_non_null(printed);
	return printed;
}

#define RESULT(members) "{\"format\":\"vfiobench-result\",\"version\":1," members "}"
#define PROBE(name, members)                                                             \
	RESULT("\"probes\":{\"" name "\":{\"format\":\"vfiobench-probe\",\"version\":1," \
	       "\"probe\":\"" name "\",\"status\":\"ok\",\"reason\":\"\"," members "}}")

/* The texts of tests/lib/schemas.c have a "ü" each, which no vocabulary has. */
static void check_schema(const struct schema *s, const struct doc *was, const struct doc *is);

static void check_text(const struct schema *s, const struct fact_field *f, const struct doc *was,
		       const struct doc *is)
{
	const char *old, *new;

	assert_int_equal(doc_as_str(was, &old), 0);
	assert_int_equal(doc_as_str(is, &new), 0);
	if (!*old) {
		assert_string_equal(new, "");
		return;
	}
	assert_non_null(strstr(old, "\xc3\xbc"));
	if (f->privacy == FACT_OPEN ? strcmp(old, new) != 0 : strstr(new, "\xc3\xbc") != NULL)
		fail_msg("%s.%s: '%s' became '%s'", s->name, f->key, old, new);
	if (f->privacy == FACT_PSEUDONYM && strncmp(new, f->pseudonym, strlen(f->pseudonym)) != 0)
		fail_msg("%s.%s: '%s' became '%s'", s->name, f->key, old, new);
}

static void check_field(const struct schema *s, const struct fact_field *f, const struct doc *was,
			const struct doc *is)
{
	if (f->type == FACT_STR) {
		check_text(s, f, was, is);
	} else if (f->type == FACT_STRS) {
		assert_int_equal(doc_n(was), doc_n(is));
		for (size_t i = 0; i < doc_n(was); i++)
			check_text(s, f, doc_at(was, i), doc_at(is, i));
	} else if (f->type == FACT_OBJECT) {
		check_schema(f->item, was, is);
	} else if (f->type == FACT_LIST) {
		assert_true(doc_n(was) > 0 && doc_n(was) == doc_n(is));
		for (size_t i = 0; i < doc_n(was); i++)
			check_schema(f->item, doc_at(was, i), doc_at(is, i));
	} else {
		assert_true(doc_equal(was, is));
	}
}

static void check_schema(const struct schema *s, const struct doc *was, const struct doc *is)
{
	for (size_t i = 0; i < s->n_fields; i++) {
		const struct fact_field *f = &s->fields[i];

		assert_non_null(doc_get(was, f->key));
		assert_non_null(doc_get(is, f->key));
		check_field(s, f, doc_get(was, f->key), doc_get(is, f->key));
	}
}

static struct doc *full(const struct schema *s, struct arena *a)
{
	struct filler with = { .arena = a };
	void *facts = arena_alloc(a, s->size);
	struct doc *d = NULL;

	assert_non_null(facts);
	schema_fill(s, facts, &with);
	assert_int_equal(schema_encode(s, facts, &d), 0);
	return d;
}

/* Every field of every table of a result. */
static void test_result(void **state)
{
	auto_arena struct arena a = { 0 };
	auto_doc struct doc *d = parse(RESULT("\"probes\":{}"));
	auto_doc struct doc *copy = NULL;
	struct doc *probes = doc_object_new();
	const struct schema *s;

	(void)state;
	assert_non_null(probes);
	for (size_t i = 0; (s = host_member_schema(i)); i++)
		assert_int_equal(doc_put(d, s->name, full(s, &a)), 0);
	for (size_t i = 0; (s = host_probe_schema(i)); i++) {
		struct doc *probe = doc_object_new();

		assert_non_null(probe);
		assert_int_equal(doc_put(probe, "data", full(s, &a)), 0);
		assert_int_equal(doc_put(probes, s->name, probe), 0);
	}
	assert_int_equal(doc_put(d, "probes", probes), 0);
	copy = redact(d);
	for (size_t i = 0; (s = host_member_schema(i)); i++)
		check_schema(s, doc_get(d, s->name), doc_get(copy, s->name));
	for (size_t i = 0; (s = host_probe_schema(i)); i++)
		check_schema(s, doc_get(doc_get(doc_get(d, "probes"), s->name), "data"),
			     doc_get(doc_get(doc_get(copy, "probes"), s->name), "data"));
}

static void test_comparison(void **state)
{
	auto_arena struct arena a = { 0 };
	auto_doc struct doc *d = full(&comparison_schema, &a);
	auto_doc struct doc *copy = NULL;

	(void)state;
	assert_int_equal(doc_put_str(d, "format", COMPARISON_FORMAT), 0);
	copy = redact(d);
	check_schema(&comparison_schema, d, copy);
}

/* What a host's owner would not show, as texts of such a host have it; all of it has "zq" or 5a51.
 */
static const char *const canaries[] = {
	"systemd.hostname=tower-zq root=UUID=5a51c0de-1111-4222-8333-444455556666",
	"rd.luks.name=5a51c0de-7777-4222-8333-444455556666=cryptzq resume=/dev/mapper/vgzq-swap",
	"-name guest=w11-zqgame,debug-threads=on -smbios type=1,serial=5A51777",
	"-vnc 192.0.2.51:0,password=zqsecret -spice port=1,password-secret=zqsecret",
	"-drive file=/dev/disk/by-id/ata-Samsung_SSD_860_EVO_250GB_S3YZQNX0M5A51,format=raw",
	"-object input-linux,evdev=/dev/input/by-id/usb-ZQ_Keyboard_5A51C0-event-kbd",
	"{\"driver\":\"virtio-net-pci\",\"mac\":\"52:54:00:5a:51:01\",\"serial\":\"5a51\"}",
	"<mac address='52:54:00:5a:51:02'/><uuid>5a51c0de-aaaa-4222-8333-444455556666</uuid>",
	"<graphics type='vnc' passwd='zqsecret'/><title>zqtitle</title><serial>5A51</serial>",
	"<qemu:env name='ZQENV' value='zqvalue'/><source file='/home/hektorzq/vm/win.qcow2'/>",
	"usb 1-2: SerialNumber: 5A51C0DE77 of hektor@zq.example from 2001:db8::77:5a51",
	"igb 0000:05:00.0 lanzq0: renamed from enx52540a5a5103",
	"lanzq0-TxRx-0", /* interrupts */
	"zqbackup",
	"kworker/u16:3-zqcrypt/253:0",
	"CPU 0/zqgame", /* comm */
	"machine.slice/machine-qemu\\x2d1\\x2dw11zqgame.scope",
	"/run/user/1000/zqpulse.sock /run/media/zquser/zqdisk /Users/zquser",
};

static bool has_canary(const char *text)
{
	return strcasestr(text, "zq") || strcasestr(text, "5a51") || strcasestr(text, "5a:51");
}

static void find_canary(const struct schema *s, const struct doc *d);

static void find_in_value(const struct schema *s, const struct fact_field *f, const struct doc *d)
{
	const char *text;

	if (f->type == FACT_OBJECT)
		find_canary(f->item, d);
	for (size_t i = 0; f->type == FACT_LIST && i < doc_n(d); i++)
		find_canary(f->item, doc_at(d, i));
	for (size_t i = 0; f->type == FACT_STRS && i < doc_n(d); i++) {
		assert_int_equal(doc_as_str(doc_at(d, i), &text), 0);
		if (f->privacy != FACT_OPEN && has_canary(text))
			fail_msg("%s.%s: %s", s->name, f->key, text);
	}
	if (f->type == FACT_STR && f->privacy != FACT_OPEN && doc_as_str(d, &text) == 0 &&
	    has_canary(text))
		fail_msg("%s.%s: %s", s->name, f->key, text);
}

static void find_canary(const struct schema *s, const struct doc *d)
{
	for (size_t i = 0; i < s->n_fields; i++)
		find_in_value(s, &s->fields[i], doc_get(d, s->fields[i].key));
}

/* In JSON; caller frees. */
static char *quoted(const char *text)
{
	auto_doc struct doc *d = doc_object_new();
	char *printed, *end;

	assert_int_equal(doc_put_str(d, "", text), 0);
	printed = doc_print(d, false);
	assert_non_null(printed);
	end = strrchr(printed, '"');
	*end = '\0';
	memmove(printed, strstr(printed, ":\"") + 2, strlen(strstr(printed, ":\"") + 2) + 1);
	return printed;
}

/* Each text of a document becomes this one. */
static struct doc *planted(const struct doc *d, const char *canary)
{
	static const char was[] = "\xc3\xbc";
	auto_free char *text = doc_print(d, false), *new = quoted(canary), *out = NULL;
	size_t size;
	FILE *to = open_memstream(&out, &size);

	assert_true(text && to);
	for (const char *at = text, *next; at; at = next ? next + strlen(was) : NULL) {
		next = strstr(at, was);
		fprintf(to, "%.*s%s", (int)(next ? next - at : (long)strlen(at)), at,
			next ? new : "");
	}
	assert_int_equal(fclose(to), 0);
	return parse(out);
}

static struct doc *result_of(const struct schema *s, const struct doc *data, bool is_probe)
{
	struct doc *d = parse(RESULT("\"probes\":{}"));
	struct doc *probe = doc_object_new(), *probes = doc_object_new();

	if (is_probe) {
		assert_int_equal(doc_put(probe, "data", doc_ref(data)), 0);
		assert_int_equal(doc_put(probes, s->name, probe), 0);
		assert_int_equal(doc_put(d, "probes", probes), 0);
		return d;
	}
	doc_free(probe);
	doc_free(probes);
	assert_int_equal(doc_put(d, s->name, doc_ref(data)), 0);
	return d;
}

static void plant_in(const struct schema *s, bool is_probe)
{
	auto_arena struct arena a = { 0 };
	auto_doc struct doc *data = full(s, &a);

	for (size_t i = 0; i < ARRAY_SIZE(canaries); i++) {
		auto_doc struct doc *with = planted(data, canaries[i]);
		auto_doc struct doc *d = result_of(s, with, is_probe);
		auto_doc struct doc *copy = redact(d);

		find_canary(s, is_probe ? doc_get(doc_get(doc_get(copy, "probes"), s->name), "data")
					: doc_get(copy, s->name));
	}
}

/* Every class of name in every text of every table of a result. */
static void test_canaries(void **state)
{
	const struct schema *s;

	(void)state;
	for (size_t i = 0; (s = host_member_schema(i)); i++)
		plant_in(s, false);
	for (size_t i = 0; (s = host_probe_schema(i)); i++)
		plant_in(s, true);
}

static void test_canaries_of_others(void **state)
{
	static const struct document_kind *const kinds[] = { &comparison_kind, &baseline_kind,
							     &calibration_kind, &fleet_kind };

	(void)state;
	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
		auto_arena struct arena a = { 0 };
		auto_doc struct doc *d = full(kinds[k]->schema, &a);

		for (size_t i = 0; i < ARRAY_SIZE(canaries); i++) {
			auto_doc struct doc *with = planted(d, canaries[i]);
			auto_doc struct doc *copy = NULL;

			assert_int_equal(doc_put_str(with, "format", kinds[k]->format), 0);
			copy = redact(with);
			find_canary(kinds[k]->schema, copy);
		}
	}
}

/* Text that is in no document. */
static void test_text(void **state)
{
	auto_redaction struct redaction *r = NULL;
	auto_free char *guest = NULL, *file = NULL;

	(void)state;
	assert_int_equal(redaction_new(salt, &r), 0);
	assert_int_equal(redact_learn(r, "guest", ""), 0);
	/* Words that anybody may say, but for whose guest is called so. */
	assert_int_equal(redact_learn(r, "guest", "gaming-windows"), 0);
	guest = redact_text(r, NULL, "qemu of gaming-windows: isolcpus=1-3\n");
	assert_non_null(guest);
	assert_memory_equal(guest, "qemu of guest-", 14);
	assert_non_null(strstr(guest, ": isolcpus=1-3\n"));
	/* Where only a part of a word is the name. */
	assert_int_equal(redact_learn(r, "guest", "w11"), 0);
	file = redact_text(r, NULL, "<nvram>/var/lib/libvirt/qemu/nvram/w11_VARS.fd</nvram>");
	assert_non_null(file);
	assert_null(strstr(file, "w11"));
	assert_non_null(strstr(file, "/nvram/guest-"));
	assert_non_null(strstr(file, "_VARS.fd</nvram>"));
	for (size_t i = 0; i < ARRAY_SIZE(canaries); i++) {
		auto_free char *got = redact_text(r, NULL, canaries[i]);

		assert_non_null(got);
		assert_true(has_canary(canaries[i]));
		if (has_canary(got))
			fail_msg("%s became %s", canaries[i], got);
	}
}

static void test_dropped(void **state)
{
	static const struct {
		const char *text, *left;
	} rows[] = {
		{ RESULT("\"hektor\":\"hektor\",\"tool\":{\"hektor\":1,\"name\":\"vfiobench\"}"),
		  RESULT("\"tool\":{\"name\":\"vfiobench\"},\"probes\":{}") },
		{ RESULT("\"probes\":{\"hektor\":{\"data\":{}}}"), RESULT("\"probes\":{}") },
		{ PROBE("aio", "\"data\":{\"hektor\":1},\"hektor\":[]"),
		  PROBE("aio", "\"data\":{}") },
		/* Of a wrong type: refused afterwards as before. */
		{ PROBE("aio", "\"data\":{\"nr\":\"hektor\"}"),
		  PROBE("aio", "\"data\":{\"nr\":{}}") },
		{ PROBE("aio", "\"data\":{\"holders\":\"hektor\"}"),
		  PROBE("aio", "\"data\":{\"holders\":{}}") },
		{ PROBE("aio", "\"data\":\"hektor\""), PROBE("aio", "\"data\":[]") },
		{ PROBE("cpu", "\"data\":{\"online\":\"hektor\",\"vendor\":7}"),
		  PROBE("cpu", "\"data\":{\"vendor\":{},\"online\":{}}") },
		{ PROBE("irq", "\"data\":{\"lines\":[{\"counts\":[[0,\"hektor\"]]}]}"),
		  PROBE("irq", "\"data\":{\"lines\":[{\"counts\":{}}]}") },
		{ PROBE("gap",
			"\"data\":{\"units\":[{\"hist\":{\"n\":\"hektor\",\"x\":1,\"sum_ns\":2}}]}"),
		  PROBE("gap", "\"data\":{\"units\":[{\"hist\":{\"sum_ns\":2}}]}") },
		{ PROBE("aio", "\"gaps\":[{\"field\":\"aio.nr\",\"path\":\"/proc/sys/fs/aio-nr\","
			       "\"error\":\"ENOENT\",\"hektor\":1}]"),
		  PROBE("aio", "\"gaps\":[{\"field\":\"aio.nr\",\"path\":\"/proc/sys/fs/aio-nr\","
			       "\"error\":\"ENOENT\"}]") },
		{ "{\"format\":\"vfiobench-result\",\"version\":\"hektor\"}",
		  "{\"format\":\"vfiobench-result\",\"probes\":{}}" },
		{ "{\"format\":\"vfiobench-result\",\"version\":99}",
		  "{\"format\":\"vfiobench-result\",\"version\":99,\"probes\":{}}" },
		{ "{\"format\":\"vfiobench-fleet\",\"version\":1,\"x\":1}",
		  "{\"format\":\"vfiobench-fleet\",\"version\":1}" },
		{ "{\"format\":\"vfiobench-calibration\",\"version\":1,\"n_sessions\":5}", NULL },
		{ "{\"format\":\"vfiobench-baseline\",\"version\":1,\"sessions\":[]}", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_free char *got = redact_json(rows[i].text);
		auto_doc struct doc *left = parse(rows[i].left ? rows[i].left : rows[i].text);
		auto_doc struct doc *is = parse(got);

		assert_null(strstr(got, "hektor"));
		if (!doc_equal(left, is))
			fail_msg("%s became %s", rows[i].text, got);
	}
}

static void test_marked(void **state)
{
	auto_free char *got = redact_json(RESULT("\"run\":{\"label\":\"hektor\"}"));

	(void)state;
	assert_non_null(strstr(got, "\"is_redacted\":true"));
	assert_non_null(strstr(got, "\"label\":\"label-"));
}

static void test_findings(void **state)
{
	auto_free char *got = redact_json(
		"{\"format\":\"vfiobench-findings\",\"version\":1,\"counts\":{\"problem\":1,"
		"\"hektor\":1},\"findings\":[{\"id\":\"clock.tsc\",\"evidence\":[\"hektor\"],"
		"\"fix\":{\"now\":\"one\\ntwo hektor\"}}]}");

	(void)state;
	assert_null(strstr(got, "hektor"));
	assert_non_null(strstr(got, "\"clock.tsc\""));
	assert_non_null(strstr(got, "one\\ntwo name-"));
	assert_non_null(strstr(got, "\"problem\":1}"));
}

static void test_refused(void **state)
{
	static const char *const texts[] = { "[]", "{}", "{\"format\":7}",
					     "{\"format\":\"something else\"}" };
	auto_redaction struct redaction *r = NULL;

	(void)state;
	assert_int_equal(redaction_new(salt, &r), 0);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		auto_doc struct doc *d = parse(texts[i]);
		struct doc *copy = NULL;

		assert_int_equal(redact_document(r, d, &copy), -EBADMSG);
		assert_null(copy);
	}
}

/* Two documents of one report: a name in both is one pseudonym, and the map tells whose. */
static void test_shared(void **state)
{
	auto_doc struct doc *d = parse(RESULT("\"guest\":{\"name\":\"hektor\"}"));
	auto_doc struct doc *first = NULL;
	auto_doc struct doc *second = NULL;
	auto_redaction struct redaction *r = NULL;
	auto_free char *map = NULL;
	const char *name;
	size_t size;
	FILE *out = open_memstream(&map, &size);

	(void)state;
	assert_non_null(out);
	assert_int_equal(redaction_new(salt, &r), 0);
	assert_int_equal(redact_document(r, d, &first), 0);
	assert_int_equal(redact_document(r, d, &second), 0);
	assert_true(doc_equal(first, second));
	assert_int_equal(redaction_print(r, out), 0);
	fclose(out);
	assert_int_equal(doc_get_str(doc_get(first, "guest"), "name", &name), 0);
	assert_memory_equal(map, name, strlen(name));
	assert_string_equal(map + strlen(name), "\thektor\n");
}

/* A name of a stranger's is no line of its own, and nothing a terminal obeys. */
static void test_map_is_clean(void **state)
{
	auto_redaction struct redaction *r = NULL;
	auto_free char *map = NULL;
	size_t size;
	FILE *out = open_memstream(&map, &size);

	(void)state;
	assert_non_null(out);
	assert_int_equal(redaction_new(salt, &r), 0);
	assert_int_equal(redact_learn(r, "guest", "hek\ntor\t\x1b[2J"), 0);
	assert_int_equal(redaction_print(r, out), 0);
	fclose(out);
	assert_string_equal(strchr(map, '\t'), "\thek?tor??[2J\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_result),       cmocka_unit_test(test_comparison),
		cmocka_unit_test(test_dropped),      cmocka_unit_test(test_marked),
		cmocka_unit_test(test_findings),     cmocka_unit_test(test_refused),
		cmocka_unit_test(test_shared),       cmocka_unit_test(test_canaries),
		cmocka_unit_test(test_text),         cmocka_unit_test(test_canaries_of_others),
		cmocka_unit_test(test_map_is_clean),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
