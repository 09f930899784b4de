/* renderers.c - the list of output formats. */
#include "render/renderer.h"

#include "base/os.h"
#include "render/list.h"

const struct renderer *const renderers[] = {
    &text_renderer,
    &csv_renderer,
    &json_renderer,
    &markdown_renderer,
    &html_renderer,
    &xlsx_renderer,
    &pdf_renderer,
    NULL,
};

const struct renderer *renderer_by_name(str name)
{
    for (size_t i = 0; renderers[i]; i++)
        if (str_eq(name, str_of(renderers[i]->name)))
            return renderers[i];
    return NULL;
}

const struct renderer *renderer_by_path(str path)
{
    str base = path_base(path);
    for (size_t i = 0; renderers[i]; i++) {
        str ext = str_of(renderers[i]->extension);
        if (base.n > ext.n + 1 && str_ends_nocase(base, ext) && base.p[base.n - ext.n - 1] == '.')
            return renderers[i];
    }
    return NULL;
}

void renderer_names(struct buf *out)
{
    for (size_t i = 0; renderers[i]; i++)
        buf_fmt(out, "%s%s", i ? ", " : "", renderers[i]->name);
}
