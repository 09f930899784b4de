/* list.h - the renderers by name, for renderers.c and their own files. */
#ifndef RENDER_LIST_H
#define RENDER_LIST_H

#include "render/renderer.h"

extern const struct renderer text_renderer;
extern const struct renderer csv_renderer;
extern const struct renderer json_renderer;
extern const struct renderer markdown_renderer;
extern const struct renderer html_renderer;
extern const struct renderer xlsx_renderer;
extern const struct renderer pdf_renderer;

#endif
