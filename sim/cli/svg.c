// SPDX-License-Identifier: GPL-2.0-or-later
/* The pieces of SVG that all pictures are made of: escaped text, colours, the frame. */
#include <string.h>
#include "sim/cli/figure.h"
#include "sim/cli/svg.h"

void markup_text(FILE *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&': fputs("&amp;", out); break;
		case '<': fputs("&lt;", out); break;
		case '>': fputs("&gt;", out); break;
		case '"': fputs("&quot;", out); break;
		default:
			if ((unsigned char)*text >= 0x20 || *text == '\n' || *text == '\t')
				fputc(*text, out);
		}
	}
}

void svg_text(FILE *out, double x, double y, const char *class, const char *anchor, const char *text)
{
	fprintf(out, "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\" text-anchor=\"%s\">", x, y, class, anchor);
	markup_text(out, text);
	fprintf(out, "</text>\n");
}

void svg_unit(FILE *out, double x, double y, const char *unit)
{
	enum { EDGE = 16, LETTER = 7 };
	bool fits = EDGE + LETTER * (double)strlen(unit) <= x;
	svg_text(out, fits ? x : EDGE, y, "unit", fits ? "end" : "start", unit);
}

static const char style_colours[] =
	"svg{font:13px system-ui,sans-serif;--ink:#1f2328;--dim:#59636e;--line:#d1d9e0;--back:#fff;"
	"--c0:#0969da;--c1:#bc4c00;--c2:#1a7f37;--c3:#8250df;--c4:#bf3989;--c5:#6e7781}"
	"@media(prefers-color-scheme:dark){svg{--ink:#f0f6fc;--dim:#9198a1;--line:#3d444d;--back:#0d1117;"
	"--c0:#4493f8;--c1:#f0883e;--c2:#3fb950;--c3:#ab7df8;--c4:#f778ba;--c5:#9198a1}}"
	".back{fill:var(--back)}";

const char figure_classes[] =
	"text{fill:var(--ink)}.tick,.unit{fill:var(--dim);font-size:12px}.title{font-size:15px;font-weight:600}"
	".grid{stroke:var(--line)}.axis{stroke:var(--dim)}.curve{fill:none;stroke-width:2.25;stroke-linejoin:round}"
	".curve.c0{stroke:var(--c0)}.curve.c1{stroke:var(--c1)}.curve.c2{stroke:var(--c2)}"
	".curve.c3{stroke:var(--c3)}.curve.c4{stroke:var(--c4)}.curve.c5{stroke:var(--c5)}"
	".dot.c0,.name.c0{fill:var(--c0)}.dot.c1,.name.c1{fill:var(--c1)}.dot.c2,.name.c2{fill:var(--c2)}"
	".dot.c3,.name.c3{fill:var(--c3)}.dot.c4,.name.c4{fill:var(--c4)}.dot.c5,.name.c5{fill:var(--c5)}"
	".k0{fill:var(--c0)}.k1{fill:var(--c1)}.k2{fill:var(--c2)}.k3{fill:var(--c3)}.k4{fill:var(--c4)}.k5{fill:var(--c5)}"
	".k6,.k7,.k8,.k9,.k10,.k11{fill-opacity:.5}.k6{fill:var(--c0)}.k7{fill:var(--c1)}.k8{fill:var(--c2)}"
	".k9{fill:var(--c3)}.k10{fill:var(--c4)}.k11{fill:var(--c5)}.link{stroke:var(--dim);stroke-dasharray:2 3}"
	".name{font-weight:600}.paper{fill:none;stroke-width:1.5;stroke:var(--dim)}";

void svg_begin(FILE *out, int width, int height, const char *title, bool standalone)
{
	fprintf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\"", width, height);
	if (standalone)
		fprintf(out, " width=\"%d\" height=\"%d\"", width, height);
	fprintf(out, " aria-label=\"");
	markup_text(out, title);
	fprintf(out, "\">\n");
	if (standalone) {
		fprintf(out, "<style>%s%s</style>\n", style_colours, figure_classes);
		fprintf(out, "<rect class=\"back\" width=\"%d\" height=\"%d\"/>\n", width, height);
	}
	svg_text(out, 16, 22, "title", "start", title);
}
