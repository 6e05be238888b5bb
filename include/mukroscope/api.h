/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * MUK_API marks what the shared library exports; everything else is hidden.
 * Every declaration of a function in include/mukroscope/ begins with it.
 */
#ifndef MUKROSCOPE_API_H
#define MUKROSCOPE_API_H

#if defined(__GNUC__)
#define MUK_API __attribute__((visibility("default")))
#else
#define MUK_API
#endif

#endif
