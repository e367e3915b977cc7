/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/domain_schema.h"

#include <libxml/parser.h>
#include <libxml/relaxng.h>
#include <string.h>
#include <unistd.h>

#if LIBXML_VERSION >= 21200
typedef const xmlError error_of_library;
#else
typedef xmlError error_of_library;
#endif

struct check {
	const xmlNode *domain;
	int rank;           /* of the error that is kept; 0: none yet */
	unsigned long line; /* 0: not told */
	char words[200];
};

/* Errors follow from each other; those that name the element which is not expected tell most. */
static int rank_error(int code)
{
	switch (code) {
	case XML_RELAXNG_ERR_INTEREXTRA:
	case XML_RELAXNG_ERR_EXTRACONTENT:
	case XML_RELAXNG_ERR_INVALIDATTR:
		return 3;
	case XML_RELAXNG_ERR_CONTENTVALID: /* "Element domain failed to validate content" */
		return 1;
	default:
		return 2;
	}
}

/* "Extra element cpu in interleave" tells no line: that of the element of this name. */
static unsigned long find_line(const struct check *c, error_of_library *e)
{
	const xmlNode *node = c->domain->children;

	if (e->line > 0)
		return (unsigned long)e->line;
	while (node && (!e->str1 || node->type != XML_ELEMENT_NODE ||
			strcmp((const char *)node->name, e->str1) != 0))
		node = node->next;
	return node && xmlGetLineNo(node) > 0 ? (unsigned long)xmlGetLineNo(node) : 0;
}

static void keep_error(void *arg, error_of_library *e)
{
	struct check *c = arg;
	const int rank = rank_error(e->code);
	struct text words = text_of(e->message);

	if (rank <= c->rank || words.len == 0)
		return;
	words.len = strcspn(words.at, "\n");
	c->rank = rank;
	c->line = find_line(c, e);
	text_clean(text_trim(words), c->words, sizeof(c->words));
}

static void ignore_error(void *arg, error_of_library *e)
{
	(void)arg;
	(void)e;
}

/* NULL: there is none that can be read. */
static xmlRelaxNG *read_schema(const char *path)
{
	xmlRelaxNGParserCtxt *ctxt = xmlRelaxNGNewParserCtxt(path);
	xmlRelaxNG *schema;

	if (!ctxt)
		return NULL;
	xmlRelaxNGSetParserStructuredErrors(ctxt, ignore_error, NULL);
	schema = xmlRelaxNGParse(ctxt);
	xmlRelaxNGFreeParserCtxt(ctxt);
	return schema;
}

/* As xmlRelaxNGValidateDoc(): 0 valid, > 0 not so, < 0 it cannot be told. */
static int validate(xmlDoc *doc, xmlRelaxNG *schema, struct check *c)
{
	xmlRelaxNGValidCtxt *ctxt = xmlRelaxNGNewValidCtxt(schema);
	int r;

	if (!ctxt)
		return -ENOMEM;
	xmlRelaxNGSetValidStructuredErrors(ctxt, keep_error, c);
	r = xmlRelaxNGValidateDoc(ctxt, doc);
	xmlRelaxNGFreeValidCtxt(ctxt);
	return r;
}

static int set_facts(const struct check *c, int verdict, unsigned long n_skipped, struct arena *a,
		     struct domain_facts *f)
{
	if (verdict < 0)
		return 0;
	fact_set_bool(&f->is_schema_valid, verdict == 0);
	if (verdict == 0 || !c->rank)
		return 0;
	if (c->line)
		fact_set_u64(&f->schema_error_line, c->line + n_skipped);
	return fact_set_str(&f->schema_error, a, c->words);
}

/* Blank lines in front, which are an error to XML. */
static struct text skip_blank(struct text xml, unsigned long *ret_n_lines)
{
	*ret_n_lines = 0;
	while (xml.len && *xml.at && strchr(" \t\r\n", *xml.at)) {
		*ret_n_lines += *xml.at == '\n';
		xml = text_make(xml.at + 1, xml.len - 1);
	}
	return xml;
}

int domain_schema_check(struct text xml, const char *path, struct arena *a, struct domain_facts *f)
{
	const int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING;
	struct check check = { 0 };
	xmlRelaxNG *schema = NULL;
	unsigned long n_skipped;
	xmlDoc *doc;
	int r = 0;

	xml = skip_blank(xml, &n_skipped);
	if (xml.len > DOMAIN_SCHEMA_TEXT_MAX || access(path, R_OK) < 0)
		return 0;
	doc = xmlReadMemory(xml.at, (int)xml.len, NULL, NULL, options);
	check.domain = doc ? xmlDocGetRootElement(doc) : NULL;
	if (check.domain && !strcmp((const char *)check.domain->name, "domain"))
		schema = read_schema(path);
	if (schema)
		r = set_facts(&check, validate(doc, schema, &check), n_skipped, a, f);
	xmlRelaxNGFree(schema);
	xmlFreeDoc(doc);
	return r;
}
