/* SPDX-License-Identifier: GPL-2.0-or-later */
/* L95 §2.3: unique identifiers. */
#include "scenarios/programs/l4/claims/claims.h"

void claims_identity(void)
{
	l4_threadid_t self = l4_myself(), sibling, root = L4_ROOT_ID, sigma0 = L4_SIGMA0_ID;
	uint32_t kind;

	claim(!l4_id_is_nil(self) && l4_id_lthread(self) == 0, "identity: the first thread of a task is number 0");
	claim(l4_id_chief(self) == L4_ROOT_TASK, "identity: the chief is who made the task");
	claim(l4_id_nest(self) == l4_id_nest(L4_ROOT_ID) + 1, "identity: one clan deeper than the chief");
	sibling = helper_start(0, helper_echo, NULL);
	kind = l4_id_nearest(&sibling);
	claim(kind == L4_SAME_CLAN && l4_id_equal(sibling, l4_id_sibling(self, HELPER_FIRST)),
	      "identity: the way to a thread of the own task is direct");
	l4_id_nearest(&root);
	claim(l4_id_equal(root, L4_ROOT_ID), "identity: the way to the chief is direct");
	kind = l4_id_nearest(&sigma0);
	claim(kind == L4_OUTER_CLAN && l4_id_equal(sigma0, L4_ROOT_ID),
	      "identity: the way out of the clan leads to the chief");
	claim(helper_call(sibling, 41, 0, NULL) == 42, "identity: a thread is reached under its id");
}
