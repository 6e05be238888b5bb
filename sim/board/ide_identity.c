/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the drive says of itself: the words of IDENTIFY DEVICE (ATA-1 §9.9).
 */
#include <string.h>

#include "sim/board/ide.h"

static void put_word(struct ide *ide, unsigned word, uint32_t value)
{
	ide->data[2 * word] = (uint8_t)value;
	ide->data[2 * word + 1] = (uint8_t)(value >> 8);
}

/* Text in IDENTIFY's way: two characters a word, the first one high, blanks behind. */
static void put_text(struct ide *ide, unsigned word, unsigned words, const char *text)
{
	for (unsigned n = 0; n < 2 * words; n++) {
		ide->data[2 * word + (n ^ 1)] = (uint8_t)(*text ? *text : ' ');
		text += *text != 0;
	}
}

void ide_identify(struct ide *ide)
{
	uint32_t sectors = disk_model_sectors(ide->model), track = (uint32_t)ide->logical_heads * ide->logical_sectors;
	uint32_t cylinders = sectors / track < 65535 ? sectors / track : 65535, reached = cylinders * track;

	memset(ide->data, 0, sizeof ide->data);
	put_word(ide, 0, 0x0040);               /* a fixed drive */
	put_word(ide, 1, ide->model->cylinders);
	put_word(ide, 3, ide->model->heads);
	put_word(ide, 6, ide->model->sectors);
	put_text(ide, 10, 10, "1");             /* serial number */
	put_text(ide, 23, 4, "1");              /* firmware */
	put_text(ide, 27, 20, "MUKROSCOPE DISK");
	put_word(ide, 49, 0x0200);              /* LBA */
	put_word(ide, 53, 0x0001);              /* words 54..58 say what is in force */
	put_word(ide, 54, cylinders);
	put_word(ide, 55, ide->logical_heads);
	put_word(ide, 56, ide->logical_sectors);
	put_word(ide, 57, reached);
	put_word(ide, 58, reached >> 16);
	put_word(ide, 60, sectors);
	put_word(ide, 61, sectors >> 16);
}
