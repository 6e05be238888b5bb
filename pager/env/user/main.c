/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pager/bootstrap/bootstrap.h"

int main(int argc, char **argv);

int main(int argc, char **argv)
{
	bootstrap_main(argc, argv);
}
