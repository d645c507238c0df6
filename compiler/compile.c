/* compile.c - the way of the data: from the names of inputs to the files of each router, as far as a command wants. */
#include "compile.h"

#include <string.h>

#include "backend.h"
#include "check/check.h"
#include "syntax.h"

static const struct place nowhere;

/* text -> statements -> typed tree -> model */
static void
read_router(struct compilation *c, const struct compile_options *options, struct router *router)
{
    const struct site_router *site_router = router->options;
    struct statements statements = {0};

    syntax_parse(&c->arena, router->source, &c->diag, &statements);
    tree_bind(&c->arena, router->source, &statements, site_router->overrides, site_router->override_count,
              options->stage == STAGE_TYPES ? BIND_ALONE : BIND_TOGETHER, &c->diag, &router->tree);
    if (options->stage < STAGE_MODEL)
        return;
    model_resolve(&c->arena, site_router->name, &router->tree, &c->diag, &router->model);
}

/* A config that means harm is still translated as it is: its errors are warnings then. */
static void
cap_checks(struct diag *diag, const struct check *check)
{
    for (; check->run; check++)
        if (diag->severity[check->id] == SEV_ERROR)
            diag->severity[check->id] = SEV_WARNING;
}

/* The routers of each site stand together. */
static void
check_sites(struct compilation *c, enum check_scope scope)
{
    const struct model **models = arena_array(&c->arena, c->router_count, sizeof(*models));
    size_t first, count;

    if (scope == CHECK_WARN) {
        cap_checks(&c->diag, router_checks);
        cap_checks(&c->diag, site_checks);
    }
    for (first = 0; first < c->router_count; first += count) {
        const struct site *site = c->routers[first].site;

        for (count = 0; first + count < c->router_count && c->routers[first + count].site == site; count++)
            models[count] = &c->routers[first + count].model;
        check_site(&c->arena, site, models, count, &c->diag);
    }
}

/* What the site file and a .seilc.yaml make of findings; in other commands than lint, of what the checks say alone. */
static void
apply_rules(struct compilation *c, const struct compile_options *options, const struct site *site)
{
    const struct source **sources = arena_array(&c->arena, c->router_count, sizeof(struct source *));
    size_t count = 0;

    for (size_t i = 0; i < c->router_count; i++)
        if (c->routers[i].site == site)
            sources[count++] = c->routers[i].source;
    rules_apply(&site->lint, options->rules, options->checks != CHECK_FULLY, sources, count, &c->diag);
    if (options->checks == CHECK_FULLY)
        rules_report_unused(&site->lint, true, &c->diag);
}

/* model -> plan -> files */
static void
compile_router(struct compilation *c, const struct compile_options *options, struct router *router)
{
    if (options->stage < STAGE_PLAN)
        return;
    ledger_init(&router->ledger, &c->arena, &router->tree);
    plan_lower(&c->arena, router->site, router->options, &router->model, &router->ledger, &c->diag, &router->plan);
    if (options->stage < STAGE_FILES)
        return;
    output_init(&router->output, &c->arena, &router->ledger, &c->diag);
    backend_emit(options->backend, &router->plan, &router->output);
    if (!options->backend)
        ledger_check(&router->ledger, &c->diag);
}

/* A source that was read already serves again: two routers may share a config. */
static const struct source *
read_source(struct compilation *c, const struct compile_options *options, const char *name, struct place place)
{
    const char *why;
    struct source *source;

    for (size_t i = 0; i < options->overlay_count; i++)
        if (strcmp(options->overlays[i].name, name) == 0)
            return source_of(&c->arena, name, options->overlays[i].text.bytes, options->overlays[i].text.len);
    source = source_read(&c->arena, name, &why);

    if (!source)
        diag_add(&c->diag, FINDING_CANNOT_READ, place, "cannot read %s: %s", name, why);
    return source;
}

/*
 * The part of an option before the first colon, when that stands before the equals sign and no address is meant: the name of
 * a router.  Keys and interface names have no colon.
 */
static const char *
option_router(struct arena *arena, const char *option, const char **rest)
{
    size_t len = strcspn(option, ":=");

    *rest = option;
    if (option[len] != ':')
        return NULL;
    *rest = option + len + 1;
    return arena_copy(arena, option, len);
}

static void
add_option(struct compilation *c, struct site *site, const char *name, const char *option,
           void (*add)(struct arena *, const struct source *, const char *, struct diag *, struct site *))
{
    const char *rest;
    const char *router = option_router(&c->arena, option, &rest);
    const struct source *source = source_of(&c->arena, name, rest, strlen(rest));
    size_t i;

    for (i = 0; router && i < site->router_count; i++)
        if (strcmp(site->routers[i].name, router) == 0)
            break;
    if (router && i == site->router_count)
        diag_add(&c->diag, FINDING_BAD_OPTION, nowhere, "%s %s: no router is called %s", name, option, router);
    else
        add(&c->arena, source, router, &c->diag, site);
}

static void
apply_options(struct compilation *c, const struct compile_options *options, struct site *site)
{
    size_t i;

    if (options->target_given)
        site->target = options->target;
    for (i = 0; i < options->set_count; i++)
        add_option(c, site, "--set", options->sets[i], site_add_override);
    for (i = 0; i < options->interface_count; i++)
        add_option(c, site, "--interface", options->interfaces[i], site_add_mapping);
    site_check(site, &c->diag);
}

static void
add_router(struct compilation *c, size_t *capacity, const struct site *site, const struct site_router *options,
           const struct source *source)
{
    c->routers = arena_grow(&c->arena, c->routers, c->router_count, capacity, sizeof(*c->routers));
    c->routers[c->router_count++] = (struct router){.site = site, .options = options, .source = source};
}

/* Reads an input and the configs that it names. */
static void
open_input(struct compilation *c, const struct compile_options *options, const char *input, size_t *capacity)
{
    struct site *site = &c->sites[c->site_count++];
    const struct source *source = read_source(c, options, input, nowhere);
    size_t i;

    if (!source || rules_is_file(input))    /* the nearest to itself, and read as such */
        return;
    if (site_looks_like(source)) {
        site_parse(&c->arena, source, &c->diag, site);
        source = NULL;
    } else {
        site_of_config(&c->arena, input, site);
    }
    if (options->checks != CHECK_NOT)
        rules_choose(&site->lint, options->rules, options->checks != CHECK_FULLY, &c->diag);
    apply_options(c, options, site);
    for (i = 0; i < site->router_count; i++) {
        const struct site_router *router = &site->routers[i];
        const struct source *config = source ? source : read_source(c, options, router->config, router->config_place);

        if (config)
            add_router(c, capacity, site, router, config);
    }
}

/* The .seilc.yaml above an input. */
static const struct lint_rules *
find_rules(struct compilation *c, const struct compile_options *options, const char *input)
{
    const char *path = rules_find(&c->arena, input);
    const struct source *source = path ? read_source(c, options, path, nowhere) : NULL;
    struct lint_rules *rules = arena_alloc(&c->arena, sizeof(*rules));

    if (source)
        rules_parse(&c->arena, source, &c->diag, rules);
    return rules;
}

static void
compile_all(const struct compile_options *options, const char *const *inputs, size_t count, struct compilation *out)
{
    size_t capacity = 0;
    size_t i;

    if (options->partial)
        out->diag.severity[FINDING_NOT_TRANSLATED] = out->diag.severity[FINDING_CANNOT_EXPRESS] = SEV_WARNING;
    out->sites = arena_array(&out->arena, count, sizeof(*out->sites));
    for (i = 0; i < count; i++)
        open_input(out, options, inputs[i], &capacity);
    for (i = 0; i < out->router_count; i++)
        read_router(out, options, &out->routers[i]);
    if (options->checks != CHECK_NOT)
        check_sites(out, options->checks);
    for (i = 0; i < out->router_count; i++)
        compile_router(out, options, &out->routers[i]);
    out->unsure = rules_unsure(&out->diag);
    for (i = 0; options->checks != CHECK_NOT && i < out->site_count; i++)
        apply_rules(out, options, &out->sites[i]);
    diag_sort(&out->diag);
}

void
compile(const struct compile_options *options, const char *const *inputs, size_t count, struct compilation *out)
{
    struct compile_options known = *options;

    *out = (struct compilation){0};
    arena_init(&out->arena);
    diag_init(&out->diag, &out->arena);
    if (known.checks != CHECK_NOT && !known.rules_known && count)
        known.rules = find_rules(out, options, inputs[0]);
    compile_all(&known, inputs, count, out);
}

void
compile_free(struct compilation *compilation)
{
    arena_free(&compilation->arena);
}

int
compile_status(const struct compilation *compilation)
{
    return compile_diag_status(&compilation->diag);
}

int
compile_diag_status(const struct diag *diag)
{
    size_t i;

    for (i = 0; i < diag->count; i++) {
        enum finding_id id = diag->findings[i]->id;

        if (id == FINDING_CANNOT_READ || id == FINDING_CANNOT_WRITE || id == FINDING_BAD_OPTION ||
            id == FINDING_CRASHED)
            return 2;
    }
    return diag_failed(diag) ? 1 : 0;
}
