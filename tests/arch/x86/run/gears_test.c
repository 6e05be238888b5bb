/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All gears leave the same. */
#include <criterion/criterion.h>
#include "rig.h"
