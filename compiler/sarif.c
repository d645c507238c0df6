/* sarif.c - findings as a SARIF 2.1.0 log.  Numbers in comments are sections of that standard. */
#include "sarif.h"

#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "check/check.h"
#include "fingerprint.h"
#include "json_text.h"
#include "page.h"
#include "version.h"

/* --- texts --- */

/* A place that a text has a meaning of its own for in a message (3.11.5 placeholders, 3.11.6 links). */
static bool
has_placeholder(const char *text)
{
    for (; (text = strchr(text, '{')); text++)
        if (isdigit((unsigned char)text[1]))
            return true;
    return false;
}

/* Doubles braces where one would be a placeholder, and puts a backslash before brackets where they would be a link. */
static json_t *
make_message_text(const char *text)
{
    bool braces = has_placeholder(text), brackets = strstr(text, "](") != NULL;
    char *escaped = malloc(2 * strlen(text) + 1), *to = escaped;
    json_t *string;

    if (!escaped)
        return json_null();
    for (; *text; text++) {
        if (brackets && strchr("[]\\", *text))
            *to++ = '\\';
        *to++ = *text;
        if (braces && strchr("{}", *text))
            *to++ = *text;
    }
    *to = '\0';
    string = json_text(escaped);
    free(escaped);
    return string;
}

static json_t *
make_message(const char *text)
{
    json_t *message = json_object();

    json_object_set_new(message, "text", make_message_text(text));
    return message;
}

/* --- places --- */

/* A file's name as a URI reference (RFC 3986): an absolute one as file:, others as they are, from where the run began. */
static json_t *
make_uri(const char *name)
{
    static const char plain[] = "-._~!$&'()*+,;=@/";
    char *uri = malloc(strlen("file://./") + 3 * strlen(name) + 1), *to = uri;
    json_t *string;

    if (!uri)
        return json_null();
    if (name[0] == '/')
        to = stpcpy(to, "file://");
    for (; *name; name++) {
        unsigned char byte = (unsigned char)*name;

        if (isascii(byte) && (isalnum(byte) || strchr(plain, byte)))
            *to++ = (char)byte;
        else
            to += sprintf(to, "%%%02X", byte);
    }
    *to = '\0';
    string = json_string(uri);
    free(uri);
    return string;
}

static json_t *
make_artifact(const char *name)
{
    struct arena arena;
    json_t *artifact = json_object();

    arena_init(&arena);
    json_object_set_new(artifact, "uri", make_uri(fingerprint_file(&arena, name)));
    arena_free(&arena);
    return artifact;
}

static json_t *
make_region(const struct place *place)
{
    struct region region;
    json_t *object = json_object();

    source_region(place, &region);
    json_object_set_new(object, "startLine", json_integer(region.line));
    json_object_set_new(object, "startColumn", json_integer(region.column));
    if (region.end_line != region.line)
        json_object_set_new(object, "endLine", json_integer(region.end_line));
    json_object_set_new(object, "endColumn", json_integer(region.end_column));
    return object;
}

/* Of a place; without one, of the whole of `input`, if that is given. */
static json_t *
make_location(const struct place *place, const char *input)
{
    json_t *location = json_object(), *physical;

    if (place->source ? source_is_option(place->source) : !input)
        return location;
    physical = json_object();
    json_object_set_new(physical, "artifactLocation", make_artifact(place->source ? place->source->name : input));
    if (place->source)
        json_object_set_new(physical, "region", make_region(place));
    json_object_set_new(location, "physicalLocation", physical);
    return location;
}

/* --- the parts of a result --- */

/* Notes that have a place; the others are part of the message. */
static void
add_related(json_t *result, const struct finding *finding)
{
    json_t *related = json_array();

    for (const struct finding_note *note = finding->notes; note; note = note->next) {
        json_t *location;

        if (!note->place.source)
            continue;
        location = make_location(&note->place, NULL);
        json_object_set_new(location, "id", json_integer((json_int_t)json_array_size(related) + 1));
        json_object_set_new(location, "message", make_message(note->message));
        json_array_append_new(related, location);
    }
    if (json_array_size(related))
        json_object_set(result, "relatedLocations", related);
    json_decref(related);
}

static json_t *
make_replacement(const struct fix *fix)
{
    json_t *content = json_object(), *replacement = json_object();

    json_object_set_new(replacement, "deletedRegion", make_region(&fix->place));
    json_object_set_new(content, "text", json_text(fix->replacement));
    json_object_set_new(replacement, "insertedContent", content);
    return replacement;
}

/* All replacements in the file of `first`, in order. */
static json_t *
make_change(const struct finding *finding, const struct fix *first)
{
    json_t *change = json_object(), *replacements = json_array();

    for (const struct fix *fix = finding->fixes; fix; fix = fix->next)
        if (fix->place.source == first->place.source)
            json_array_append_new(replacements, make_replacement(fix));
    json_object_set_new(change, "artifactLocation", make_artifact(first->place.source->name));
    json_object_set_new(change, "replacements", replacements);
    return change;
}

static bool
is_first_of_source(const struct finding *finding, const struct fix *fix)
{
    const struct fix *other = finding->fixes;

    while (other != fix && other->place.source != fix->place.source)
        other = other->next;
    return other == fix;
}

/* The fixes of a finding are one cure, so one fix of SARIF's (3.55). */
static void
add_fix(json_t *result, const struct finding *finding)
{
    json_t *changes, *cure, *cures;

    if (!finding->fixes)
        return;
    changes = json_array();
    for (const struct fix *fix = finding->fixes; fix; fix = fix->next)
        if (is_first_of_source(finding, fix))
            json_array_append_new(changes, make_change(finding, fix));
    cure = json_object();
    json_object_set_new(cure, "description", make_message(finding->fixes->description));
    json_object_set_new(cure, "artifactChanges", changes);
    cures = json_array();
    json_array_append_new(cures, cure);
    json_object_set_new(result, "fixes", cures);
}

static json_t *
make_result(const struct diag *diag, const struct finding *finding, const char *input)
{
    json_t *result = json_object(), *locations = json_array(), *prints = json_object();

    json_object_set_new(result, "ruleId", json_string(finding_defs[finding->id].name));
    json_object_set_new(result, "ruleIndex", json_integer((json_int_t)finding->id));
    json_object_set_new(result, "level", json_string(severity_names[finding->severity]));
    json_object_set_new(result, "message", make_message(diag_full_message(diag, finding)));
    json_array_append_new(locations, make_location(&finding->place, input));
    json_object_set_new(result, "locations", locations);
    add_related(result, finding);
    json_object_set_new(prints, "seilc/v1", json_string(finding->fingerprint->hex));
    json_object_set_new(result, "partialFingerprints", prints);
    add_fix(result, finding);
    return result;
}

void
sarif_print_results(const struct diag *diag, const char *input, FILE *out)
{
    for (size_t i = 0; i < diag->count; i++) {
        json_t *result = make_result(diag, diag->findings[i], input);

        fputs(i ? ",\n" : "", out);
        json_dumpf(result, out, JSON_COMPACT);
        json_decref(result);
    }
}

/* --- the tool and the frame --- */

/* The pages are Markdown already. */
static void
add_help(json_t *rule, const char *name)
{
    const char *page = page_find(name);
    struct arena arena;
    json_t *help;

    if (!page)
        return;
    arena_init(&arena);
    json_object_set_new(rule, "fullDescription", make_message(page_first_paragraph(&arena, page)));
    arena_free(&arena);
    help = json_object();
    json_object_set_new(help, "text", json_text(page));
    json_object_set_new(help, "markdown", json_text(page));
    json_object_set_new(rule, "help", help);
}

static json_t *
make_rule(enum finding_id id)
{
    const struct finding_def *def = &finding_defs[id];
    const char *feature = check_feature(id);
    json_t *rule = json_object();

    json_object_set_new(rule, "id", json_string(def->name));
    json_object_set_new(rule, "shortDescription", make_message(def->summary));
    add_help(rule, def->name);
    json_object_set_new(rule, "defaultConfiguration", json_pack("{s:s}", "level", severity_names[def->severity]));
    if (feature)
        json_object_set_new(rule, "properties", json_pack("{s:[s]}", "tags", feature));
    return rule;
}

static void
print_value(const char *before, json_t *value, const char *after, FILE *out)
{
    fputs(before, out);
    json_dumpf(value, out, JSON_COMPACT | JSON_ENCODE_ANY);
    fputs(after, out);
    json_decref(value);
}

void
sarif_print_head(FILE *out)
{
    fputs("{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{\n"
          "\"tool\":{\"driver\":{\"name\":\"seilc\",\"version\":\"" SEILC_VERSION "\",\"rules\":[\n",
          out);
    for (int id = 0; id < FINDING_COUNT; id++)
        print_value(id ? ",\n" : "", make_rule((enum finding_id)id), "", out);
    fputs("\n]}},\n\"columnKind\":\"unicodeCodePoints\",\n\"results\":[\n", out);
}

void
sarif_print_tail(bool good, size_t dropped, FILE *out)
{
    char message[64];
    json_t *invocation = json_pack("{s:b}", "executionSuccessful", good);

    if (dropped) {
        snprintf(message, sizeof(message), "%zu more findings are not shown", dropped);
        json_object_set_new(invocation, "toolExecutionNotifications",
                            json_pack("[{s:s, s:{s:s}}]", "level", "warning", "message", "text", message));
    }
    print_value("\n],\n\"invocations\":[", invocation, "]\n}]}\n", out);
}
