/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/xml_merge.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <string.h>

#include "analyze/change.h"

static const xmlChar *chars(const char *s)
{
	return (const xmlChar *)s;
}

/* "qemu:commandline", with or without a namespace of that prefix; else the name alone. */
static bool has_name(const xmlNode *node, const char *name)
{
	const char *colon = strchr(name, ':');
	const char *prefix = node->ns && node->ns->prefix ? (const char *)node->ns->prefix : NULL;

	if (node->type != XML_ELEMENT_NODE)
		return false;
	if (!strcmp((const char *)node->name, name))
		return !prefix;
	return colon && prefix && strlen(prefix) == (size_t)(colon - name) &&
	       !strncmp(prefix, name, (size_t)(colon - name)) &&
	       !strcmp((const char *)node->name, colon + 1);
}

static bool fits(const xmlNode *node, const struct xml_step *step)
{
	xmlChar *value;
	bool is_equal;

	if (!has_name(node, step->name))
		return false;
	if (!step->key)
		return true;
	value = xmlGetNoNsProp(node, chars(step->key));
	is_equal = value && !strcmp((const char *)value, step->value);
	xmlFree(value);
	return is_equal;
}

/* The element of a step below parent; NULL: there is none. */
static xmlNode *find(xmlNode *parent, const struct xml_step *step)
{
	unsigned position = 0;

	for (xmlNode *node = parent->children; node; node = node->next) {
		if (fits(node, step) && (!step->position || ++position == step->position))
			return node;
	}
	return NULL;
}

static size_t depth_of(const xmlNode *node)
{
	size_t n = 0;

	while (node->parent && node->parent->type == XML_ELEMENT_NODE) {
		node = node->parent;
		n++;
	}
	return n;
}

/* Blanks before a new element at the end of its parent, as libvirt indents. */
static bool indent(xmlNode *parent)
{
	const size_t depth = depth_of(parent);
	xmlNode *last = parent->last;
	char blanks[64];

	if (last && last->type == XML_TEXT_NODE && xmlIsBlankNode(last))
		return xmlNodeAddContent(last, chars("  ")), true;
	snprintf(blanks, sizeof(blanks), "\n%*s", (int)(2 * (depth + 1) % 40), "");
	return xmlAddChild(parent, xmlNewText(chars(blanks))) != NULL;
}

/* The line end before the end tag of the parent. */
static bool outdent(xmlNode *parent)
{
	char blanks[64];

	snprintf(blanks, sizeof(blanks), "\n%*s", (int)(2 * depth_of(parent) % 40), "");
	return xmlAddChild(parent, xmlNewText(chars(blanks))) != NULL;
}

static xmlNode *make(xmlNode *parent, const struct xml_step *step)
{
	xmlNode *node;

	if (!indent(parent))
		return NULL;
	node = xmlNewChild(parent, NULL, chars(step->name), NULL);
	if (node)
		xmlSetNs(node, NULL);
	if (!node || !outdent(parent))
		return NULL;
	if (step->key && !xmlNewProp(node, chars(step->key), chars(step->value)))
		return NULL;
	return node;
}

static int set(xmlNode *node, const struct xml_edit *e)
{
	for (size_t i = 0; i < e->n_attributes; i++) {
		const char *name = e->attributes[i].name;
		const bool is_namespace = !strncmp(name, "xmlns:", 6);
		const xmlChar *value = chars(e->attributes[i].value);

		if (is_namespace) {
			if (!xmlSearchNs(node->doc, node, chars(name + 6)) &&
			    !xmlNewNs(node, value, chars(name + 6)))
				return -ENOMEM;
		} else if (!xmlSetProp(node, chars(name), value)) {
			return -ENOMEM;
		}
	}
	if (e->text) {
		while (node->children) {
			xmlNode *child = node->children;

			xmlUnlinkNode(child);
			xmlFreeNode(child);
		}
		if (!xmlAddChild(node, xmlNewText(chars(e->text))))
			return -ENOMEM;
	}
	return 0;
}

static int put(xmlNode *domain, const struct xml_edit *e)
{
	xmlNode *node = domain;

	for (size_t i = 0; i < e->n_steps; i++) {
		xmlNode *next;

		if (i == 0 && !strcmp(e->steps[0].name, "."))
			continue;
		next = find(node, &e->steps[i]);
		/* An element by its position was there when the edit was written. */
		if (!next && e->steps[i].position)
			return 0;
		node = next ? next : make(node, &e->steps[i]);
		if (!node)
			return -ENOMEM;
	}
	return set(node, e);
}

/* With the blanks before it, so that no empty line stays. */
static void drop(xmlNode *node)
{
	xmlNode *before = node->prev;

	if (before && before->type == XML_TEXT_NODE && xmlIsBlankNode(before)) {
		xmlUnlinkNode(before);
		xmlFreeNode(before);
	}
	xmlUnlinkNode(node);
	xmlFreeNode(node);
}

static void take_attributes(xmlNode *node, const struct xml_edit *e)
{
	for (size_t i = 0; i < e->n_attributes; i++)
		xmlUnsetProp(node, chars(e->attributes[i].name));
}

static void take_away(xmlNode *parent, const struct xml_edit *e, size_t depth)
{
	const struct xml_step *step = &e->steps[depth];
	unsigned position = 0;
	xmlNode *next;

	for (xmlNode *node = parent->children; node; node = next) {
		next = node->next;
		if (!fits(node, step) || (step->position && ++position != step->position))
			continue;
		if (depth + 1 < e->n_steps)
			take_away(node, e, depth + 1);
		else if (e->n_attributes)
			take_attributes(node, e);
		else
			drop(node);
	}
}

/* What is added and set comes first: then no position has moved. Removals go from the end. */
static int apply(xmlNode *domain, const char *edits)
{
	auto_arena struct arena a = { 0 };
	struct text rest = text_of(edits), line;
	struct xml_edit *v;
	size_t n = 0, n_lines = 1;
	int r = 0;

	for (const char *c = edits; *c; c++)
		n_lines += *c == '\n';
	v = arena_calloc(&a, n_lines, sizeof(*v));
	if (!v)
		return -ENOMEM;
	while (r == 0 && text_next_line(&rest, &line)) {
		r = xml_edit_parse(line.at, line.len, &a, &v[n]);
		n += r == 0;
		r = r == -EINVAL ? 0 : r;
	}
	for (size_t i = 0; r == 0 && i < n; i++) {
		if (!v[i].is_removal)
			r = put(domain, &v[i]);
	}
	for (size_t i = n; r == 0 && i-- > 0;) {
		if (v[i].is_removal)
			take_away(domain, &v[i], 0);
	}
	return r;
}

/* The domain alone, also when it stood in something else (<domstatus>), with the comments above. */
static int print(xmlDoc *doc, xmlNode *domain, char **ret_xml)
{
	xmlNode *root = xmlDocGetRootElement(doc);
	xmlChar *text = NULL;
	int len = 0;

	if (root != domain) {
		xmlUnlinkNode(domain);
		xmlFreeNode(xmlDocSetRootElement(doc, domain));
	}
	xmlDocDumpMemoryEnc(doc, &text, &len, "UTF-8");
	if (!text)
		return -ENOMEM;
	*ret_xml = strdup((const char *)text);
	xmlFree(text);
	return *ret_xml ? 0 : -ENOMEM;
}

int xml_merge(const char *xml, const char *edits, char **ret_xml)
{
	const size_t len = strlen(xml);
	xmlNode *domain;
	xmlDoc *doc;
	int r;

	/* A document type could stand for other files, or for gigabytes. */
	if (len > (size_t)INT32_MAX || strstr(xml, "<!DOCTYPE"))
		return -EBADMSG;
	doc = xmlReadMemory(xml, (int)len, NULL, NULL,
			    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	domain = doc ? xmlDocGetRootElement(doc) : NULL;
	if (domain && strcmp((const char *)domain->name, "domain") != 0) {
		const struct xml_step inside = { .name = "domain" };

		domain = find(domain, &inside);
	}
	r = domain ? apply(domain, edits) : -EBADMSG;
	if (r == 0)
		r = print(doc, domain, ret_xml);
	xmlFreeDoc(doc);
	return r;
}
