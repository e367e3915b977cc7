/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/domain_xml.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <string.h>

#include "probes/parse/domain_rows.h"

/* Bounds of memory and time, far above what libvirt accepts: the parser compares each attribute of
 * an element with each other one. */
#define TAG_MAX   (64u << 10)
#define NODES_MAX 250000u

static const struct domain_row *const parts[] = {
	domain_cpu_rows,
	domain_memory_rows,
	domain_device_rows,
};

struct parsing { /* ctxt->_private */
	size_t n_nodes;
	const char *refused; /* why we stopped the parser */
	unsigned long line;
};

static void refuse(xmlParserCtxt *ctxt, const char *why)
{
	struct parsing *p = ctxt->_private;

	if (!p->refused) {
		p->refused = why;
		p->line =
			ctxt->input && ctxt->input->line > 0 ? (unsigned long)ctxt->input->line : 0;
	}
	xmlStopParser(ctxt);
}

static void count_element(void *arg, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
			  int n_namespaces, const xmlChar **namespaces, int n_attributes,
			  int n_defaulted, const xmlChar **attributes)
{
	xmlParserCtxt *ctxt = arg;
	struct parsing *p = ctxt->_private;

	p->n_nodes += 1 + (size_t)n_attributes + (size_t)n_namespaces;
	if (p->n_nodes > NODES_MAX) {
		refuse(ctxt, "has more elements than any domain");
		return;
	}
	xmlSAX2StartElementNs(ctxt, name, prefix, uri, n_namespaces, namespaces, n_attributes,
			      n_defaulted, attributes);
}

/* No domain needs one; a few lines of them can stand for gigabytes, or for a file of this host. */
static void refuse_entity(void *arg, const xmlChar *name, int type, const xmlChar *public_id,
			  const xmlChar *system_id, xmlChar *content)
{
	(void)name;
	(void)type;
	(void)public_id;
	(void)system_id;
	(void)content;
	refuse(arg, "declares an entity, which is refused");
}

static int fail(struct domain_xml_result *out, unsigned long line, const char *why)
{
	if (!why)
		return -ENOMEM;
	out->error = why;
	out->error_line = line;
	return -EBADMSG;
}

/* The library's own words, of which there may be several lines. */
static int fail_as_parsed(xmlParserCtxt *ctxt, struct arena *a, unsigned long first_line,
			  struct domain_xml_result *out)
{
	const struct parsing *p = ctxt->_private;
	const xmlError *e = xmlCtxtGetLastError(ctxt);
	struct text words;
	char clean[160];

	if (p->refused)
		return fail(out, first_line + p->line - 1, arena_strdup(a, p->refused));
	if (e && e->code == XML_ERR_NO_MEMORY)
		return -ENOMEM;
	if (!e || !e->message)
		return fail(out, 0, "is not XML");
	words = text_of(e->message);
	words.len = strcspn(e->message, "\n");
	text_clean(text_trim(words), clean, sizeof(clean));
	return fail(out, e->line > 0 ? first_line + (unsigned long)e->line - 1 : 0,
		    arena_strdup(a, clean));
}

/* '<' can stand inside of no tag, so this bounds the length of every one. */
static bool has_long_tag(struct text xml)
{
	size_t since = 0;

	for (size_t i = 0; i < xml.len; i++) {
		since = xml.at[i] == '<' ? 0 : since + 1;
		if (since > TAG_MAX)
			return true;
	}
	return false;
}

/* Blank lines before "<?xml", as they come with copying from a web page, are an error to XML. */
static struct text skip_blank(struct text xml, unsigned long *ret_first_line)
{
	*ret_first_line = 1;
	while (xml.len && strchr(" \t\r\n", *xml.at) && *xml.at) {
		*ret_first_line += *xml.at == '\n';
		xml = text_make(xml.at + 1, xml.len - 1);
	}
	return xml;
}

static int parse_tree(xmlParserCtxt *ctxt, struct text xml, struct arena *a, xmlDoc **ret_doc,
		      struct domain_xml_result *out)
{
	const int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
			    XML_PARSE_NOCDATA | XML_PARSE_BIG_LINES;
	const struct parsing *p = ctxt->_private;
	unsigned long first_line;
	xmlDoc *doc;

	xml = skip_blank(xml, &first_line);
	if (xml.len == 0)
		return fail(out, 0, "is empty");
	if (has_long_tag(xml))
		return fail(out, 0, "is not the XML of a domain: one piece of it is too long");
	ctxt->sax->startElementNs = count_element;
	ctxt->sax->entityDecl = refuse_entity;
	doc = xmlCtxtReadMemory(ctxt, xml.at, (int)xml.len, NULL, NULL, options);
	if (!doc || p->refused) {
		xmlFreeDoc(doc);
		return fail_as_parsed(ctxt, a, first_line, out);
	}
	*ret_doc = doc;
	return 0;
}

/* The root, or its first child of that name. */
static const xmlNode *find_domain(const xmlDoc *doc)
{
	const xmlNode *root = doc->children;

	while (root && root->type != XML_ELEMENT_NODE)
		root = root->next;
	if (root && !strcmp((const char *)root->name, "domain"))
		return root;
	return domain_child(root, "domain");
}

static int read_rows(struct domain_reader *reader)
{
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		for (const struct domain_row *row = parts[i]; r == 0 && row->path; row++)
			r = *row->path ? domain_each(reader, reader->domain, row->path, row->read)
				       : row->read(reader, reader->domain);
	}
	return r;
}

static int read_tree(const xmlDoc *doc, struct arena *a, struct domain_facts *facts,
		     struct domain_xml_result *out)
{
	struct domain_reader reader = {
		.arena = a,
		.facts = facts,
		.domain = find_domain(doc),
		.notes_end = &out->notes,
	};

	if (!reader.domain)
		return fail(out, 0, "holds no <domain>");
	return read_rows(&reader);
}

int domain_xml_parse(struct text xml, struct arena *a, struct domain_facts *facts,
		     struct domain_xml_result *ret_result)
{
	struct parsing parsing = { 0 };
	xmlParserCtxt *ctxt;
	xmlDoc *doc = NULL;
	int r;

	*ret_result = (struct domain_xml_result){ 0 };
	if (xml.len > DOMAIN_XML_MAX)
		return -EFBIG;
	ctxt = xmlNewParserCtxt();
	if (!ctxt)
		return -ENOMEM;
	ctxt->_private = &parsing;
	r = parse_tree(ctxt, xml, a, &doc, ret_result);
	if (r == 0)
		r = read_tree(doc, a, facts, ret_result);
	xmlFreeDoc(doc);
	xmlFreeParserCtxt(ctxt);
	return r;
}
