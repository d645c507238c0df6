/* manifest.h - what a bundle says about itself, to programs and to its installer. */
#ifndef SEILC_MANIFEST_H
#define SEILC_MANIFEST_H

#include "compile.h"
#include "output.h"

/*
 * Adds to `pack`, below the directory named after the router:
 *
 * manifest.json   format, site, router, target; files, packages, units, ports; where every
 *                 statement went, and the number of findings.  docs/bundle.md describes it.
 * about.list      `format 1`, `site NAME`, `router NAME`, `target debian12`: a word and its value
 * files.list      `f|l MODE SHA256 PATH`: a file or a symbolic link (the sum is that of its
 *                 target), sorted by path
 * packages.list   names of Debian packages, sorted
 * units.list      `unit NAME enable|static`, in the order in which they are to be started, and
 *                 `file NAME reload|restart PATH`: what a unit does when PATH, or with a `/` at its
 *                 end anything below it, has changed
 * ports.list      `NAME MAC|-`: links that must be there, and the MAC that is to have that name
 * SHA256SUMS      of all these and of `install`, which must be in `pack` already
 *
 * All come from the same data, byte for byte the same for the same input.  No field of a list holds
 * a space or a value of a config: names and paths were checked, and are checked again here (an
 * assertion).
 */
void manifest_emit(const struct router *router, const struct diag *diag, struct output *pack);

#endif
