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
	domain_cpu_rows,     domain_memory_rows, domain_boot_rows,        domain_feature_rows,
	domain_clock_rows,   domain_device_rows, domain_host_rows,        domain_network_rows,
	domain_desktop_rows, domain_extra_rows,  domain_commandline_rows,
};

struct parsing { /* ctxt->_private */
	size_t n_nodes;
	const char *refused; /* why we stopped the parser */
	unsigned long line;  /* where we did so, or where the first error is */
	bool is_broken, has_no_memory;
	char words[160]; /* of the first error: those behind it follow from it */
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

#if LIBXML_VERSION >= 21200
typedef const xmlError error_of_parser;
#else
typedef xmlError error_of_parser;
#endif

static void note_error(void *arg, error_of_parser *e)
{
	xmlParserCtxt *ctxt = arg;
	struct parsing *p = ctxt->_private;
	struct text words = text_of(e->message);

	p->has_no_memory |= e->code == XML_ERR_NO_MEMORY;
	if (e->level != XML_ERR_FATAL || p->is_broken || p->refused)
		return;
	p->is_broken = true;
	p->line = e->line > 0 ? (unsigned long)e->line : 0;
	if (words.len) /* of which there may be several lines */
		words.len = strcspn(words.at, "\n");
	text_clean(text_trim(words), p->words, sizeof(p->words));
}

/* In the library's own words. */
static int fail_as_parsed(const struct parsing *p, struct arena *a, unsigned long first_line,
			  struct domain_xml_result *out)
{
	const unsigned long line = p->line ? first_line + p->line - 1 : 0;

	out->is_refused = p->refused != NULL;
	if (p->refused)
		return fail(out, line, arena_strdup(a, p->refused));
	if (p->has_no_memory)
		return -ENOMEM;
	return fail(out, line, *p->words ? arena_strdup(a, p->words) : "is not XML");
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
	/* Not XML_PARSE_NOERROR: from libxml2 2.13 on it silences note_error() too. */
	const int options = XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_BIG_LINES;
	const struct parsing *p = ctxt->_private;
	unsigned long first_line;
	xmlDoc *doc;

	xml = skip_blank(xml, &first_line);
	if (xml.len == 0)
		return fail(out, 0, "is empty");
	out->is_refused = has_long_tag(xml);
	if (out->is_refused)
		return fail(out, 0, "is not the XML of a domain: one piece of it is too long");
	ctxt->sax->startElementNs = count_element;
	ctxt->sax->entityDecl = refuse_entity;
	ctxt->sax->serror = note_error;
	doc = xmlCtxtReadMemory(ctxt, xml.at, (int)xml.len, NULL, NULL, options);
	if (!doc || p->refused) {
		xmlFreeDoc(doc);
		return fail_as_parsed(p, a, first_line, out);
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
	int r;

	if (!reader.domain)
		return fail(out, 0, "holds no <domain>");
	r = read_rows(&reader);
	if (r == 0)
		r = domain_read_arguments(&reader);
	return r < 0 ? r : domain_read_guest_os(&reader);
}

/* The text is a domain's, so what is wrong with it is a fact. */
static int set_error(struct domain_facts *facts, struct domain_xml_result *out)
{
	facts->xml_error = (struct fact_str){ true, out->error };
	if (out->error_line)
		fact_set_u64(&facts->xml_error_line, out->error_line);
	out->error = NULL;
	out->error_line = 0;
	return 0;
}

static int add_lines(struct text xml, struct arena *a, struct domain_facts *facts,
		     struct domain_xml_result *out)
{
	struct domain_xml_note *note;
	const char *why;
	int r = domain_add_lines(facts, a, xml, &why);

	if (r < 0 || !why)
		return r;
	note = arena_alloc(a, sizeof(*note));
	if (!note)
		return -ENOMEM;
	*note = (struct domain_xml_note){ "xml", 0, why, out->notes };
	out->notes = note;
	return 0;
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
	else if (r == -EBADMSG && !ret_result->is_refused && text_find(xml, "<domain"))
		r = set_error(facts, ret_result);
	if (r == 0)
		r = add_lines(xml, a, facts, ret_result);
	xmlFreeDoc(doc);
	xmlFreeParserCtxt(ctxt);
	return r;
}
