/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The report as one HTML file that loads nothing: a policy that forbids all
 * but its own style sheet, bars as inline SVG, and page rules for printing.
 */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "report/formats.h"
#include "report/html.h"

static const char style[] =
    "body{font:11pt/1.4 sans-serif;max-width:56em;margin:2em auto;padding:0 "
    "1em;color:#000;background:#fff;overflow-wrap:anywhere}"
    "h1{font-size:1.7em;margin:.2em 0}"
    "h2{font-size:1.25em;margin:1.6em 0 .3em;border-bottom:2px solid #000}"
    "h3{font-size:1em;margin:1.2em 0 .2em}p{margin:.4em 0}"
    "table{border-collapse:collapse;width:100%;table-layout:fixed}"
    "th,td{text-align:left;vertical-align:top;padding:.3em .5em;"
    "border-bottom:1px solid #ccc}"
    "th,td,p,h1,h2,h3,div{unicode-bidi:plaintext}"
    ".k th{width:28%;font-weight:normal;color:#444}.k td,.k th{padding:.15em "
    ".5em}"
    ".e td:first-child{width:45%}"
    ".s th{font-size:.9em}.s .b{width:32%}.s .n{width:13%}"
    ".s .n,.k td{font-variant-numeric:tabular-nums}"
    ".d{color:#444;font-size:.88em}"
    ".u td:first-child{border-left:.4em solid #a00}"
    ".x td:first-child{border-left:.4em double #a00}"
    ".m{font-weight:bold;letter-spacing:.04em;text-transform:uppercase;"
    "text-align:center;border:2px solid #a00;color:#a00;padding:.2em}"
    "svg{max-width:100%;vertical-align:middle}svg .rest{fill:#e4e4e4}svg "
    ".high{fill:#9aa3c0}svg "
    ".low{fill:#225}"
    "@media print{body{margin:0;padding:0;max-width:none;font-size:9.5pt}"
    "h2,h3{break-after:avoid}tr{break-inside:avoid}thead{display:"
    "table-header-group}p{orphans:3;widows:3}"
    "svg *{print-color-adjust:exact;-webkit-print-color-adjust:exact}}";

static const char policy[] =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'";

static void
marking_text(const struct front *front, struct buf *text)
{
	if (*front->marking)
		buf_addf(text, _("%s: %s"), _("Handling"), front->marking);
}

/* What every printed page carries: marking, site, control code, number. */
static void
add_page_rules(struct buf *out, const struct front *front, const char *marking)
{
	struct buf code = BUF_INIT;

	buf_addf(&code, _("%s: %s"), _("Control code"), front->code);
	buf_add_text(out,
	    "@page{size:A4;margin:20mm 16mm 18mm;font:8pt "
	    "sans-serif;@top-left{content:");
	html_add_css_string(out, front->title);
	buf_add_text(out, "}@top-right{font-weight:bold;content:");
	html_add_css_string(out, marking);
	buf_add_text(out, "}@bottom-left{content:");
	html_add_css_string(out, code.data);
	buf_add_text(
	    out, "}@bottom-right{content:counter(page)\" / \"counter(pages)}}");
	buf_release(&code);
}

static void
add_marking(struct buf *out, const char *marking)
{
	if (*marking)
		html_add_element(out, "p class=\"m\"", marking);
}

static void
start(struct buf *out, const struct front *front)
{
	struct buf marking = BUF_INIT;

	marking_text(front, &marking);
	buf_addf(out,
	    "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n"
	    "<meta http-equiv=\"Content-Security-Policy\" content=\"%s\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width\">\n"
	    "<meta name=\"referrer\" content=\"no-referrer\">\n",
	    lang_code(front->lang), policy);
	html_add_element(out, "title", front->title);
	buf_addf(out, "<style>%s", style);
	add_page_rules(out, front, marking.data);
	buf_add_text(out, "</style>\n</head>\n<body>\n");
	add_marking(out, marking.data);
	html_add_element(out, "h1", front->title);
	html_add_element(out, "p", front->subtitle);
	buf_release(&marking);
}

static void
heading(struct buf *out, const char *title)
{
	html_add_element(out, "h2", title);
}

static void
section(struct buf *out, const char *title)
{
	html_add_element(out, "h3", title);
}

static void
open_block(struct buf *out, enum block block)
{
	static const char *const classes[] = {
		[BLOCK_PAIRS] = "k", [BLOCK_SCORES] = "s", [BLOCK_ENTRIES] = "e"
	};

	buf_addf(out, "<table class=\"%s\">\n", classes[block]);
	if (block == BLOCK_SCORES) {
		buf_add_text(out, "<thead><tr>");
		html_add_element(out, "th scope=\"col\"", _("Section"));
		html_add_element(
		    out, "th scope=\"col\" class=\"b\"", _("Protection"));
		buf_add_text(out, "<th class=\"n\"></th>\n");
		html_add_element(
		    out, "th scope=\"col\" class=\"n\"", _("Coverage"));
		buf_add_text(out, "</tr></thead>\n");
	}
	buf_add_text(out, "<tbody>\n");
}

static void
close_block(struct buf *out, enum block block)
{
	(void)block;
	buf_add_text(out, "</tbody></table>\n");
}

static void
pair(struct buf *out, const char *name, const char *value)
{
	buf_add_text(out, "<tr>");
	html_add_element(out, "th scope=\"row\"", name);
	html_add_element(out, "td", value);
	buf_add_text(out, "</tr>\n");
}

static void
progress(struct buf *out, const char *name, const char *value, int percent)
{
	buf_add_text(out, "<tr>");
	html_add_element(out, "th scope=\"row\"", name);
	buf_add_text(out, "<td>");
	html_add_text(out, value);
	buf_add_char(out, ' ');
	html_add_bar(out, percent, percent, value);
	buf_add_text(out, "</td></tr>\n");
}

static void
add_score(struct buf *out, const char *title, const struct score *score,
    const char *text)
{
	buf_add_text(out, "<tr>");
	html_add_element(out, "td", title);
	buf_add_text(out, "<td>");
	html_add_bar(out, score->low, score->high, text);
	buf_add_text(out, "</td>\n");
	html_add_element(out, "td", text);
	buf_addf(
	    out, "<td>%d/%d</td></tr>\n", score->answered, score->relevant);
}

static void
entry(struct buf *out, const char *title, const char *value, enum mark mark)
{
	static const char *const rows[] = { [MARK_NONE] = "<tr>",
		[MARK_URGENT] = "<tr class=\"u\">",
		[MARK_DIFFERS] = "<tr class=\"x\">" };

	buf_add_text(out, rows[mark]);
	html_add_element(out, "td", title);
	buf_add_text(out, "<td><strong>");
	html_add_text(out, value);
	buf_add_text(out, "</strong>\n");
}

static void
detail(struct buf *out, const char *text)
{
	html_add_element(out, "div class=\"d\"", text);
}

static void
entry_end(struct buf *out)
{
	buf_add_text(out, "</td></tr>\n");
}

static void
paragraph(struct buf *out, const char *text)
{
	html_add_element(out, "p class=\"d\"", text);
}

static void
end(struct buf *out, const struct front *front)
{
	struct buf marking = BUF_INIT;

	marking_text(front, &marking);
	add_marking(out, marking.data);
	buf_release(&marking);
	buf_add_text(out, "</body>\n</html>\n");
}

const struct layout html_layout = {
	.start = start,
	.heading = heading,
	.section = section,
	.open = open_block,
	.pair = pair,
	.progress = progress,
	.score = add_score,
	.entry = entry,
	.detail = detail,
	.entry_end = entry_end,
	.close = close_block,
	.paragraph = paragraph,
	.end = end,
};
