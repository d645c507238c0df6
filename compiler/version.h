/* version.h - the version of the program. */
#ifndef SEILC_VERSION_H
#define SEILC_VERSION_H

#ifndef SEILC_VERSION
#define SEILC_VERSION "0.1"
#endif

#endif
