/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: tests/lib/tree.c */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "core/bundle.h"
#include "tests/lib/check.h"
#include "tests/lib/tree.h"

#define TEXT_OF(literal) text_make(literal, sizeof(literal) - 1)

struct part {
	enum bundle_kind kind;
	const char *path, *bytes;
	size_t len;
};

/* clang-format off */
#define PART(kind, path, bytes) { kind, path, bytes, sizeof(bytes) - 1 }

/* In no order; each is another form of the text. */
static const struct part parts[] = {
	PART(BUNDLE_FILE, "/proc/one", "a line\n"),
	PART(BUNDLE_FILE, "/proc/two", "two\nlines \\ of it\n"),
	PART(BUNDLE_FILE, "/proc/7/cmdline", "qemu\0-name\0a  b\0"),
	PART(BUNDLE_FILE, "/proc/empty", ""),
	PART(BUNDLE_FILE, "/proc/newlines", "\n\n"),
	PART(BUNDLE_FILE, "/proc/unended", "no newline"),
	PART(BUNDLE_FILE, "/proc/blanks", " at both ends \t\n\nlast\n"),
	PART(BUNDLE_FILE, "/proc/odd", "caf\303\251 \033[31m \\x41 \r\n# no comment\nend 0 0\n"),
	PART(BUNDLE_FILE, "/proc/nul", "a\0\0b\n"),
	PART(BUNDLE_FILE, "/sys/config", "\x86\x80\xff\xfe\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
					 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x81\x90\xa0\xb0\0\0"),
	PART(BUNDLE_SCRIPT, "/etc/hook", ""),
	PART(BUNDLE_DIR, "/sys/none", ""),
	PART(BUNDLE_DIR, "/sys", ""),
	PART(BUNDLE_LINK, "/sys/a-b", "../proc/one"),
	PART(BUNDLE_LINK, "/dev/disk/by id/x[1]%", "../../a b"),
	PART(BUNDLE_ERROR, "/proc/secret", "EACCES"),
	PART(BUNDLE_FILE, "/sys/a/x", "1\n"), /* '/' comes before '-' */
	PART(BUNDLE_FILE, "/sys/s\\x2d.scope", "1\n"),
};
/* clang-format on */

static void make(struct bundle *b)
{
	const char *path = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		assert_int_equal(
			bundle_add(b, parts[i].kind, parts[i].path, parts[i].bytes, parts[i].len),
			0);
	assert_int_equal(bundle_settle(b, &path), 0);
	assert_int_equal(b->n, ARRAY_SIZE(parts));
}

static char *write_text(const struct bundle *b, const char *comment, size_t *ret_len)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, ret_len);

	assert_non_null(out);
	assert_int_equal(bundle_write(out, b, comment), 0);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void check_parts(const struct bundle *b)
{
	assert_int_equal(b->n, ARRAY_SIZE(parts));
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		const struct bundle_entry *e = NULL;

		for (size_t k = 0; k < b->n; k++) {
			if (!strcmp(b->v[k].path, parts[i].path))
				e = &b->v[k];
		}
		if (!e || e->kind != parts[i].kind || e->len != parts[i].len ||
		    memcmp(e->bytes, parts[i].bytes, e->len) != 0)
			fail_msg("%s came back as another one: '%.*s'", parts[i].path,
				 e ? (int)e->len : 0, e ? e->bytes : "");
	}
}

/* Mail: other ends of lines, blanks behind them, empty lines between. */
static char *as_mail_has_it(const char *text)
{
	char *mail = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&mail, &size);

	assert_non_null(out);
	for (; *text; text++) {
		if (*text == '\n')
			fputs(" \r\n\r", out);
		fputc(*text, out);
	}
	assert_int_equal(fclose(out), 0);
	return mail;
}

static void test_round_trip(void **state)
{
	auto_bundle struct bundle b = { 0 }, back = { 0 }, mailed = { 0 };
	auto_free char *text = NULL;
	auto_free char *mail = NULL;
	struct bundle_error error;
	struct text rest, line;
	size_t len;

	(void)state;
	make(&b);
	text = write_text(&b, "what it is\n\nand why", &len);
	assert_non_null(strstr(text, "\n# what it is\n#\n# and why\n"));
	assert_int_equal(bundle_parse(&back, text_make(text, len), &error), 0);
	check_parts(&back);
	assert_int_equal(back.version, BUNDLE_VERSION);
	mail = as_mail_has_it(text);
	if (bundle_parse(&mailed, text_of(mail), &error) < 0)
		fail_msg("line %lu: %s", error.line, error.message);
	check_parts(&mailed);

	rest = text_make(text, len);
	while (text_next_line(&rest, &line)) {
		assert_true(line.len < 998);
		for (size_t i = 0; i < line.len; i++)
			assert_true(line.at[i] == '\t' || (line.at[i] >= ' ' && line.at[i] <= '~'));
	}
}

static void test_long_lines(void **state)
{
	auto_bundle struct bundle b = { 0 }, back = { 0 };
	auto_free char *text = NULL;
	struct bundle_error error;
	char bytes[5000];
	const char *path;
	size_t len;

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = i % 7 ? 'x' : ' ';
	bytes[2500] = '\n';
	assert_int_equal(bundle_add(&b, BUNDLE_FILE, "/long", bytes, sizeof(bytes)), 0);
	assert_int_equal(bundle_settle(&b, &path), 0);
	text = write_text(&b, NULL, &len);
	for (const char *at = text, *end; (end = strchr(at, '\n')); at = end + 1)
		assert_true(end - at < 998);
	assert_int_equal(bundle_parse(&back, text_make(text, len), &error), 0);
	assert_int_equal(back.n, 1);
	assert_int_equal(back.v[0].len, sizeof(bytes));
	assert_memory_equal(back.v[0].bytes, bytes, sizeof(bytes));
}

/* Each byte of a text matters, and each line that is lost on the way is missed. */
static void test_damage(void **state)
{
	auto_bundle struct bundle b = { 0 };
	auto_free char *text = NULL;
	size_t len;

	(void)state;
	make(&b);
	text = write_text(&b, NULL, &len);
	for (size_t i = 1; i < len; i++) {
		auto_bundle struct bundle cut = { 0 };
		struct bundle_error error;
		const int r = bundle_parse(&cut, text_make(text, i), &error);

		/* Only the newline of the last line may be lost. */
		assert_int_equal(r, i == len - 1 ? 0 : -EBADMSG);
		assert_true(r == 0 || *error.message);
	}
	for (size_t i = 0; i < len; i++) {
		auto_bundle struct bundle changed = { 0 };
		struct bundle_error error;
		const char before = text[i];

		if (strchr("\n\t ", before))
			continue;
		text[i] = before == 'Z' ? 'Y' : 'Z';
		if (bundle_parse(&changed, text_make(text, len), &error) == 0)
			fail_msg("byte %zu of the text does not matter", i);
		text[i] = before;
	}
}

static void test_refused(void **state)
{
	static const struct {
		const char *text;
		int error;
		unsigned long line;
		const char *words;
	} cases[] = {
		{ "", -EBADMSG, 0, "empty" },
		{ "a letter\n", -EBADMSG, 1, "not a bundle" },
		{ "vfiobench-host\n", -EBADMSG, 1, "not a bundle" },
		{ "vfiobench-host 0\n", -EBADMSG, 1, "not a bundle" },
		{ "vfiobench-host 3\n", -ENOTSUP, 1, "version 3" },
		{ "vfiobench-host 2\n", -EBADMSG, 1, "cut short" },
		{ "vfiobench-host 2\nline /a b\n", -EBADMSG, 2, "cut short" },
		{ "vfiobench-host 2\nline /a b\nend 1 0\n", -EBADMSG, 3, "damaged on its way" },
		{ "vfiobench-host 2\nline /a b\nend 2 0\n", -EBADMSG, 3, "1 entries of 2" },
		{ "vfiobench-host 2\nend x\n", -EBADMSG, 2, "an end without" },
		{ "vfiobench-host 2\nend edited\nwhat follows counts not", 0, 0, "" },
		{ "vfiobench-host 1\nline a b\n", -EBADMSG, 2, "not a path" },
		{ "vfiobench-host 1\nline /a/../b b\n", -EBADMSG, 2, "not a path" },
		{ "vfiobench-host 1\nline /%2e%2e/b b\n", -EBADMSG, 2, "not a path" },
		{ "vfiobench-host 1\nline /a/%2f/b b\n", -EBADMSG, 2, "not a path" },
		{ "vfiobench-host 1\nline /a%00b b\n", -EBADMSG, 2, "not a path" },
		{ "vfiobench-host 1\nline /a%4 b\n", -EBADMSG, 2, "not a path" },
		{ "vfiobench-host 1\nline / b\n", -EBADMSG, 2, "not a path" },
		{ "vfiobench-host 1\nline /a//b b\n", -EBADMSG, 2, "not a path" },
		{ "vfiobench-host 1\nline /a`b b\n", -EBADMSG, 2, "not a path" },
		{ "vfiobench-host 1\nline /a b\nline /a c\n", -EBADMSG, 0, "/a: twice" },
		{ "vfiobench-host 1\nline /a b\nline /a/b c\n", -EBADMSG, 0, "/a/b: twice" },
		{ "vfiobench-host 1\nlink /a /tmp\nline /a/b c\n", -EBADMSG, 0, "/a/b: twice" },
		{ "vfiobench-host 1\nlink /a\n", -EBADMSG, 2, "nothing behind" },
		{ "vfiobench-host 1\nline\n", -EBADMSG, 2, "no path" },
		{ "vfiobench-host 1\nfile /a b\n", -EBADMSG, 2, "text behind" },
		{ "vfiobench-host 1\nhex /a\n", -EBADMSG, 2, "\"hex\" begins no entry" },
		{ "vfiobench-host 1\n\tlost\n", -EBADMSG, 2, "belongs to no file" },
		{ "vfiobench-host 1\nline /a b\n\tc\n", -EBADMSG, 3, "belongs to no file" },
		{ "vfiobench-host 1\nline /a[0-x] b\n", -EBADMSG, 2, "not a list" },
		{ "vfiobench-host 1\nline /a[] b\n", -EBADMSG, 2, "not a list" },
		{ "vfiobench-host 1\nline /a[3-1] b\n", -EBADMSG, 2, "not a list" },
		{ "vfiobench-host 1\nline /a[0-99999999] b\n", -EBADMSG, 2, "not a list" },
		{ "vfiobench-host 1\nline /a[0-8191,9000] b\n", -EFBIG, 2, "more than 8192" },
		{ "vfiobench-host 1\nline /[0]/[0]/[0]/[0]/[0] b\n", -EFBIG, 2, "lists in a path" },
		{ "vfiobench-host 1\ndir /[0-999]/[0-999]\n", -EFBIG, 2, "more than 131072 files" },
		{ "vfiobench-host 2\nhex /a\n\t000: 4\nend edited\n", -EBADMSG, 3,
		  "bytes in base 16" },
		{ "vfiobench-host 2\nhex /a\n\t00\nend edited\n", -EBADMSG, 3, "an offset" },
		{ "vfiobench-host 2\nhex /a\n\tffffffff:\nend edited\n", -EBADMSG, 3, "an offset" },
		{ "vfiobench-host 2\nhex /a\n\t0: 01 02\n\t1: 03\nend edited\n", -EBADMSG, 4,
		  "an offset" },
		{ "vfiobench-host 2\nquote /a\n\t\\q\nend edited\n", -EBADMSG, 3, "not an escape" },
		{ "vfiobench-host 2\nerror /a\nend edited\n", -EBADMSG, 2, "nothing behind" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_bundle struct bundle b = { 0 };
		struct bundle_error error = { 0 };
		const int r = bundle_parse(&b, text_of(cases[i].text), &error);

		if (r != cases[i].error)
			fail_msg("%s: %d, not %d", cases[i].text, r, cases[i].error);
		if (r < 0 &&
		    (error.line != cases[i].line || !strstr(error.message, cases[i].words)))
			fail_msg("%s: line %lu: %s", cases[i].text, error.line, error.message);
	}
}

static void test_adding(void **state)
{
	auto_bundle struct bundle b = { 0 };
	char path[BUNDLE_PATH_MAX + 2] = "/";

	(void)state;
	memset(path + 1, 'x', 256);
	assert_int_equal(bundle_add(&b, BUNDLE_FILE, path, "", 0), -EINVAL);
	for (size_t i = 1; i < sizeof(path) - 1; i++)
		path[i] = i % 2 ? 'x' : '/';
	assert_int_equal(bundle_add(&b, BUNDLE_FILE, path, "", 0), -EINVAL);
	assert_int_equal(bundle_add(&b, BUNDLE_LINK, "/a", "", 0), -EINVAL);
	assert_int_equal(bundle_add(&b, BUNDLE_LINK, "/a", "b\0c", 3), -EINVAL);
	assert_int_equal(bundle_add(&b, BUNDLE_FILE, BUNDLE_ERRORS "EACCES", "", 0), -EINVAL);
	assert_int_equal(bundle_add(&b, BUNDLE_LINK, "/.vfiobench", "etc", 3), -EINVAL);
	assert_int_equal(bundle_add(&b, BUNDLE_FILE, BUNDLE_ANSWERS "/x", "", 0), -EINVAL);
	assert_int_equal(b.n, 0);
	assert_int_equal(bundle_add(&b, BUNDLE_FILE, BUNDLE_ANSWERS, "", 0), 0);
	assert_int_equal(bundle_add(&b, BUNDLE_FILE, "/.vfiobench-x", "", 0), 0);
}

static void test_recognised(void **state)
{
	(void)state;
	assert_true(bundle_is_text(text_of("vfiobench-host 9\n")));
	assert_false(bundle_is_text(text_of("{ \"format\": 1 }")));
	assert_false(bundle_is_text(text_of("")));
}

static void test_unpacked(void **state)
{
	const struct tree *tree = *state;
	auto_bundle struct bundle b = { 0 };
	auto_free char *target = NULL;
	auto_free char *path = NULL;
	const char *twice = NULL;
	struct sysroot root;
	struct stat st;

	make(&b);
	assert_int_equal(bundle_add(&b, BUNDLE_FILE, BUNDLE_ANSWERS, "cpu.x y\n", 8), 0);
	assert_int_equal(bundle_settle(&b, &twice), 0);
	assert_int_equal(bundle_unpack(&b, tree->fd, -1), 0);
	assert_true(asprintf(&path, "%s/tree", tree->top) > 0);
	assert_int_equal(sysroot_open(&root, path), 0);
	assert_true(root.is_whole);
	assert_false(root.is_live);
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		auto_free char *text = NULL;
		size_t len;

		if (parts[i].kind != BUNDLE_FILE)
			continue;
		assert_int_equal(sysroot_read(&root, &text, &len, "%s", parts[i].path), 0);
		assert_int_equal(len, parts[i].len);
		assert_memory_equal(text, parts[i].bytes, len);
	}
	assert_int_equal(sysroot_readlink(&root, &target, "/dev/disk/by id/x[1]%%"), 0);
	assert_string_equal(target, "../../a b");
	assert_int_equal(fstatat(tree->fd, "etc/hook", &st, 0), 0);
	assert_true(st.st_mode & 0100);
	assert_int_equal(fstatat(tree->fd, "proc/one", &st, 0), 0);
	assert_false(st.st_mode & 0111);
	assert_int_equal(st.st_mode & 077, 0);
	sysroot_close(&root);
}

/* Nothing is written through a link that the tree has already, nor over a file. */
static void test_unpacked_beside_links(void **state)
{
	const struct tree *tree = *state;
	auto_bundle struct bundle b = { 0 };
	const char *path;

	tree_link(tree, "..", "proc");
	make(&b);
	assert_true(bundle_unpack(&b, tree->fd, -1) < 0);
	assert_int_equal(faccessat(tree->fd, "../one", F_OK, 0), -1);

	bundle_release(&b);
	assert_int_equal(bundle_add(&b, BUNDLE_FILE, "/file", "new\n", 4), 0);
	assert_int_equal(bundle_settle(&b, &path), 0);
	tree_file(tree, "file", "old\n");
	assert_int_equal(bundle_unpack(&b, tree->fd, -1), -EEXIST);
}

static void test_errors_of_the_host(void **state)
{
	static const struct {
		const char *path;
		int error;
	} cases[] = {
		{ "/proc/secret", -EACCES },   { "/proc/dir/below/it", -EPERM },
		{ "/proc/link", -EACCES },     { "/proc/up/proc/dir/x", -EPERM },
		{ "/proc/nonsense", -ENOENT }, { "/proc/nothing/at", -ENOENT },
		{ "/proc/dangling", -ENOENT },
	};
	const struct tree *tree = *state;
	auto_free char *path = NULL;
	struct sysroot root;

	tree_link(tree, BUNDLE_ERRORS "EACCES", "proc/secret");
	tree_link(tree, BUNDLE_ERRORS "EPERM", "proc/dir");
	tree_link(tree, BUNDLE_ERRORS "ENONSENSE", "proc/nonsense");
	tree_link(tree, "nowhere", "proc/dangling");
	tree_link(tree, "/proc/secret", "proc/link");
	tree_link(tree, "..", "proc/up");
	assert_true(asprintf(&path, "%s/tree", tree->top) > 0);
	for (int is_whole = 0; is_whole < 2; is_whole++) {
		if (is_whole)
			tree_file(tree, &BUNDLE_ANSWERS[1], "");
		assert_int_equal(sysroot_open(&root, path), 0);
		assert_int_equal(root.is_whole, is_whole);
		for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
			auto_free char *text = NULL;
			size_t len;
			const int want = is_whole ? cases[i].error : -ENOENT;
			const int r = sysroot_read(&root, &text, &len, "%s", cases[i].path);

			if (r != want)
				fail_msg("%s: %d, not %d", cases[i].path, r, want);
		}
		sysroot_close(&root);
	}
}

/* A short text that would fill a file system with folders. */
static void test_places(void **state)
{
	auto_free char *text = NULL;
	struct bundle_error error;
	const struct {
		const char *list;
		unsigned depth;
		int error;
		const char *words;
	} cases[] = {
		{ "0-7999", 62, -EFBIG, "files and folders" },
		{ "0-199", 62, 0, "" },
		{ "0-199", 64, -EBADMSG, "not a path" },
		{ "0-199", 490, -EBADMSG, "not a path" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_bundle struct bundle b = { 0 };
		char path[BUNDLE_PATH_MAX] = "";

		for (unsigned k = 0; k < cases[i].depth; k++)
			memcpy(path + 2 * (size_t)k, "/x", 3);
		free(text);
		assert_true(asprintf(&text, "vfiobench-host 1\ndir /a[%s]%s\n", cases[i].list,
				     path) > 0);
		error.message[0] = '\0';
		if (bundle_parse(&b, text_of(text), &error) != cases[i].error ||
		    !strstr(error.message, cases[i].words))
			fail_msg("%s, %u levels: %s", cases[i].list, cases[i].depth, error.message);
	}
}

static void test_shared(void **state)
{
	static const struct {
		const char *a, *b;
		unsigned shared, folders;
	} cases[] = {
		{ "/a", "/b", 0, 0 },
		{ "/a", "/a", 0, 0 },
		{ "/a", "/a/b", 1, 1 },
		{ "/a/b", "/a/c", 1, 1 },
		{ "/a/b/c", "/a/c", 1, 1 },
		{ "/ab/c", "/a/c", 0, 1 },
		{ "/a/c", "/ab/c", 0, 1 },
		{ "/a/b", "/a/b/c/d", 2, 3 },
		{ "/a/b/c/d", "/a/b/c/e", 3, 3 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(bundle_shared(cases[i].a, cases[i].b), cases[i].shared);
		assert_int_equal(bundle_folders(cases[i].b), cases[i].folders);
	}
}

/* Each in its own folder, however the folders follow one another. */
static void test_unpacked_folders(void **state)
{
	static const char *const paths[] = {
		"/a/b/c/1", "/a/b/c/2", "/a/b/3",   "/a/b/c-d/4", "/a/5",
		"/b/c/6",   "/7",       "/c/b/c/8", "/ab/9",
	};
	const struct tree *tree = *state;
	auto_bundle struct bundle b = { 0 };
	const char *path;

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		assert_int_equal(
			bundle_add(&b, i % 3 ? BUNDLE_FILE : BUNDLE_LINK, paths[i], "x", 1), 0);
	assert_int_equal(bundle_settle(&b, &path), 0);
	assert_int_equal(bundle_unpack(&b, tree->fd, -1), 0);
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		assert_int_equal(faccessat(tree->fd, paths[i] + 1, F_OK, AT_SYMLINK_NOFOLLOW), 0);
}

static void test_unpacking_stops(void **state)
{
	const struct tree *tree = *state;
	auto_bundle struct bundle b = { 0 };
	int ends[2];

	make(&b);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "x", 1), 1);
	assert_int_equal(bundle_unpack(&b, tree->fd, ends[0]), -EINTR);
	assert_int_equal(faccessat(tree->fd, "proc", F_OK, 0), -1);
	close(ends[0]);
	close(ends[1]);
}

#define IN_TREE(test) cmocka_unit_test_setup_teardown(test, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_long_lines),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_adding),
		cmocka_unit_test(test_recognised),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_shared),
		IN_TREE(test_unpacked),
		IN_TREE(test_unpacked_folders),
		IN_TREE(test_unpacking_stops),
		IN_TREE(test_unpacked_beside_links),
		IN_TREE(test_errors_of_the_host),
	};

	return cmocka_run_group_tests_name("bundle", tests, NULL, NULL);
}
