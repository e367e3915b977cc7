/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "report/plot_svg.h"
#include "tests/lib/check.h"

static const struct svg_names names = { "fig", "A <title>", "About & more" };

#define OPEN                                                                             \
	"<svg viewBox=\"0 0 8 6\" role=\"img\" aria-labelledby=\"fig-title fig-about\">" \
	"<title id=\"fig-title\">A &lt;title&gt;</title>"                                \
	"<desc id=\"fig-about\">About &amp; more</desc>"

static void test_clean(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{ "<svg viewBox='0 0 8 6'></svg>", OPEN "</svg>" },
		{ "<?xml version=\"1.0\"?>\n<!DOCTYPE svg>\n<!-- x --><svg \n viewBox=\"0 0 8 6\"\n "
		  "xmlns=\"http://www.w3.org/2000/svg\"\n>\n<title>p</title>\n<desc>Produced</desc>"
		  "</svg>\n",
		  OPEN "</svg>" },
		/* Groups without content go, with all that hold nothing else. */
		{ "<svg viewBox='0 0 8 6'><g fill=\"none\">\n</g><g><g>\n</g></g></svg>",
		  OPEN "</svg>" },
		{ "<svg viewBox='0 0 8 6'><g id='a'><g>\n</g><g><path d='M0,0'/></g></g></svg>",
		  OPEN "\n<g id=\"figa\">\n<g>\n<path d=\"M0,0\"/></g></g></svg>" },
		/* Names are those of this figure. */
		{ "<svg viewBox='0 0 8 6'><use xlink:href='#gpPt6' color='rgb(  5,  80, 174)'/></svg>",
		  OPEN "\n<use href=\"#figgpPt6\" color=\"rgb(  5,  80, 174)\"/></svg>" },
		{ "<svg viewBox='0 0 8 6'><path clip-path='url(#c1)' d='M1,1'/></svg>",
		  OPEN "\n<path clip-path=\"url(#figc1)\" d=\"M1,1\"/></svg>" },
		{ "<svg viewBox='0 0 8 6'><filter id='t'><feFlood flood-color='white'/></filter>"
		  "<text class='k'>a &lt; b</text></svg>",
		  OPEN "\n<text>a &lt; b</text></svg>" },
		{ "<svg viewBox='0 0 8 6'><rect fill = 'none' x='0'/></svg>",
		  OPEN "\n<rect fill=\"none\" x=\"0\"/></svg>" },
		/* What follows the drawing is not taken. */
		{ "<svg viewBox='0 0 8 6'></svg><script>x</script>", OPEN "</svg>" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_free char *svg = NULL;

		assert_int_equal(svg_clean(text_of(rows[i].in), &names, &svg), 0);
		assert_string_equal(svg, rows[i].out);
	}
}

static void test_refused(void **state)
{
	static const char *const rows[] = {
		"",
		"plain text",
		"<svg",
		"<svg>",
		"<svg><g>",
		"<svg></g></svg>",
		"<g></g>",
		"<svg><svg></svg></svg>",
		"<svg><script>alert(1)</script></svg>",
		"<svg><SCRIPT/></svg>",
		"<svg><a href='x'></a></svg>",
		"<svg><style>*{}</style></svg>",
		"<svg><image xlink:href='http://x/'/></svg>",
		"<svg><foreignObject/></svg>",
		"<svg onload='x()'></svg>",
		"<svg><path onclick=\"x\" d='M0,0'/></svg>",
		"<svg><path style='fill:url(http://x)' d='M0,0'/></svg>",
		"<svg><path fill='url(http://x/#a)'/></svg>",
		"<svg><path fill='a url(#b)'/></svg>",
		"<svg><use xlink:href='http://x/#a'/></svg>",
		"<svg><use xlink:href='data:x'/></svg>",
		"<svg><use xlink:href='#'/></svg>",
		"<svg><use href='#a'/></svg>",
		"<svg><path d='a&quot;b'/></svg>",
		"<svg><path d='\xff'/></svg>",
		"<svg><path d=M0/></svg>",
		"<svg><path d='M0/></svg>",
		"<svg><path d/></svg>",
		"<svg><title>never ends</svg>",
		"<svg><!-- never ends </svg>",
		"<svg><![CDATA[x]]></svg>",
		"<svg><?php x ?></svg>",
		"<svg><g></svg>",
		"</svg>",
		"<svg></svg x='1'>",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *svg = NULL;

		if (svg_clean(text_of(rows[i]), &names, &svg) != -EBADMSG)
			fail_msg("let through: %s", rows[i]);
		assert_null(svg);
	}
}

/* Any piece of a drawing is refused or cleaned, never more. */
static void test_cut_off(void **state)
{
	static const char whole[] =
		"<svg viewBox='0 0 8 6'><g id='a'><path d='M0,0'/><text>x</text></g></svg>";

	(void)state;
	for (size_t n = 0; n < sizeof(whole) - 1; n++) {
		char *svg = NULL;
		auto_free char *piece = strndup(whole, n);

		assert_non_null(piece);
		assert_int_equal(svg_clean(text_make(piece, n), &names, &svg), -EBADMSG);
	}
}

static void test_deep(void **state)
{
	char *text = NULL, *svg = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_non_null(out);
	fputs("<svg>", out);
	for (size_t i = 0; i < 100000; i++)
		fputs("<g>", out);
	fclose(out);
	assert_int_equal(svg_clean(text_make(text, size), &names, &svg), -EBADMSG);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_cut_off),
		cmocka_unit_test(test_deep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
