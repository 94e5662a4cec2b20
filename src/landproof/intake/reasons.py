"""Why a cell, row or sheet is refused and what to do about it; what was repaired. All sentences of rejects.

``%(value)s`` is the cell as written, ``%(header)s`` the user's own header.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from landproof.domain.messages import text


@dataclass(frozen=True, slots=True)
class Reason:
    """What is wrong, and how to mend it."""

    reason: str
    remedy: str


REASONS: Mapping[str, Reason] = {
    # cells
    "required-missing": Reason(
        text("%(header)s is empty, and every row needs it."),
        text("Fill in the cell, or delete the row if it holds no data."),
    ),
    "cell-error": Reason(
        text("%(header)s holds a spreadsheet error instead of a value."),
        text("Mend the formula, or write the value itself."),
    ),
    "formula-without-value": Reason(
        text("%(header)s holds a formula that was never calculated, so the file has no value for it."),
        text("Open the file in a spreadsheet program, let it calculate, and save it again."),
    ),
    "merged-cell": Reason(
        text("%(header)s is part of a merged cell, so it is not clear which row its value belongs to."),
        text("Unmerge the cells and write the value of each row."),
    ),
    "too-long": Reason(
        text("%(header)s holds more than 32,767 characters, which is longer than any cell."),
        text("Check the quotation marks of the row, and put long texts into a document."),
    ),
    "unseen": Reason(
        text("%(value)s under %(header)s holds a character that cannot be seen."),
        text("Type the cell again instead of copying it; the character stands in < > above."),
    ),
    "not-a-number": Reason(
        text("%(value)s under %(header)s is not a number."),
        text("Write digits only, such as 1234.5; put remarks into another column."),
    ),
    "ambiguous-number": Reason(
        text(
            "%(value)s under %(header)s may mean thousands or decimals, and no other row of the file "
            "tells which."
        ),
        text(
            'State the decimal mark, --decimal "." or --decimal ",", or write one number of the column with '
            "another count of decimals."
        ),
    ),
    "shortened-number": Reason(
        text("%(value)s under %(header)s was shortened by a spreadsheet, so digits may be lost."),
        text("Set the column to number format with all digits and export the file again."),
    ),
    "too-large": Reason(
        text("%(value)s under %(header)s is too large to be right."),
        text("Check the number and its unit."),
    ),
    "not-whole": Reason(
        text("%(value)s under %(header)s is not a whole number."), text("Write a whole number.")
    ),
    "negative": Reason(
        text("%(value)s under %(header)s is below zero."), text("Write zero or a positive number.")
    ),
    "negative-mass": Reason(
        text("%(value)s under %(header)s is a mass below zero."),
        text("Correct the line that the goods came in with, instead of booking a return as a negative mass."),
    ),
    "negative-spend": Reason(
        text("%(value)s under %(header)s is below zero, but the line also has a quantity."),
        text("Book a rebate on a line without quantity, or correct the line that it belongs to."),
    ),
    "rate-not-positive": Reason(
        text("%(value)s under %(header)s is not above zero."), text("Write the rate as a positive number.")
    ),
    "share-out-of-range": Reason(
        text("%(value)s under %(header)s is not a share between 0 and 1."),
        text("Write 0.12 or 12 %% for twelve percent."),
    ),
    "percent-or-share": Reason(
        text(
            "%(value)s under %(header)s may be a share or a percentage: the header says %%, yet no "
            "row is above 1."
        ),
        text("Write the sign into the cells, such as 12 %%, or take it out of the header."),
    ),
    "unknown-unit": Reason(
        text("The unit of %(value)s under %(header)s is not known."),
        text(
            "Use a unit of mass (g, kg, t, lb, oz, 斤, 担), area (ha, m2, acre, 亩) or a currency, as "
            "the column asks."
        ),
    ),
    "unit-missing": Reason(
        text("%(value)s under %(header)s has no unit."),
        text("Write the unit beside the number, in a column of units, or in the header, such as Quantity (kg)."),
    ),
    "two-units": Reason(
        text("%(value)s under %(header)s names another unit than its row or header does."),
        text("Leave the unit in one place."),
    ),
    "not-a-date": Reason(
        text("%(value)s under %(header)s is not a date."), text("Write dates as 2025-03-31.")
    ),
    "day-number": Reason(
        text("%(value)s under %(header)s may be a spreadsheet's number of a day, but it is stored as text."),
        text("Format the column as dates and export the file again, or write dates as 2025-03-31."),
    ),
    "not-a-moment": Reason(
        text("%(value)s under %(header)s is not a moment with its offset from UTC."),
        text("Write moments as 2025-03-31T14:05:00+08:00, or leave the cell empty and give the day."),
    ),
    "ambiguous-date": Reason(
        text("%(value)s under %(header)s may mean two days, and no other row of the column tells which."),
        text("Say which comes first, --day-first or --month-first, or write dates as 2025-03-31."),
    ),
    "short-year": Reason(
        text("%(value)s under %(header)s has a year of two digits."), text("Write all four digits of the year.")
    ),
    "half-date": Reason(
        text("%(value)s under %(header)s names no day."), text("Write the whole date, such as 2025-03-31.")
    ),
    "date-out-of-range": Reason(
        text("%(value)s under %(header)s lies outside the years 1900 to 2199."), text("Correct the year.")
    ),
    "unknown-country": Reason(
        text("%(value)s under %(header)s is not a country that is known here."),
        text("Write its ISO code, such as BR, or its usual name in English or Chinese."),
    ),
    "unknown-currency": Reason(
        text("%(value)s under %(header)s is not one currency."),
        text("Write its ISO code, such as CNY; signs such as $ stand for several."),
    ),
    "currency-missing": Reason(
        text("%(value)s under %(header)s names a currency only by a sign that stands for several."),
        text("Add a column with the ISO code of the currency, such as CNY or JPY."),
    ),
    "two-currencies": Reason(
        text("%(value)s under %(header)s names another currency than its row does."),
        text("Leave the currency in one place."),
    ),
    "unknown-choice": Reason(
        text("%(value)s under %(header)s is none of the words of this column."), text("Choose from: %(choices)s.")
    ),
    "not-yes-no": Reason(
        text(
            "%(value)s under %(header)s is neither yes nor no."), text("Write yes or no (是 or 否), or "
            "leave it empty."
        )
    ),
    # identifiers
    "scientific-id": Reason(
        text("The identifier %(value)s under %(header)s was shortened by a spreadsheet, so its digits are lost."),
        text("Set the column to text, enter the identifier again from its source, and export the file again."),
    ),
    "id-too-long": Reason(
        text(
            "The identifier under %(header)s has more than 15 digits and is stored as a number, so "
            "its end is lost."
        ),
        text("Set the column to text and enter the identifier again from its source."),
    ),
    "id-became-date": Reason(
        text("The identifier under %(header)s was turned into the date %(value)s by a spreadsheet."),
        text("Set the column to text and enter the identifier again from its source."),
    ),
    "line-break-in-id": Reason(
        text("The identifier under %(header)s holds a line break; a quotation mark may not have been closed."),
        text("Close the quotation mark or take the line break out, and check the rows next to it."),
    ),
    "hs-code-odd": Reason(
        text("The HS code %(value)s has an odd count of digits, so a leading zero is lost."),
        text("Set the column to text and write the code with its zero, such as 0901."),
    ),
    "totals-row": Reason(
        text(
            "The row holds a total, not data of its own."
        ),
        text("Delete the row and import the file again: a row that stays refused counts as missing."),
    ),
    "header-again": Reason(
        text("The row holds the names of the columns once more, not data."),
        text("Delete the row and import the file again: a row that stays refused counts as missing."),
    ),
    "duplicate": Reason(
        text("The key %(value)s is already used in row %(first)s."),
        text("Keep one of the rows, or give them different keys."),
    ),
    "duplicate-elsewhere": Reason(
        text("The key %(value)s is already used in row %(first)s of another sheet of this file."),
        text("Keep one of the rows, or give them different keys."),
    ),
    "already-in-case": Reason(
        text("The key %(value)s is already in the case, from row %(first)s of %(file)s."),
        text(
            "Leave the row out; or, if this file corrects the other, import it under the same name with --again."
        ),
    ),
    "contradicts": Reason(
        text("%(value)s under %(header)s contradicts row %(first)s of %(file)s, which says %(there)s."),
        text("Correct the one that is wrong, or leave one of them empty."),
    ),
    "not-in-country": Reason(
        text("The plot lies at %(there)s by row %(first)s of %(file)s, which is not in %(value)s."),
        text("Correct the country, or the position in the map file: is a minus sign lost, are its axes swapped?"),
    ),
    # rows and sheets
    "cut-off": Reason(
        text("The file ends in the middle of this row: it has %(cells)s of %(columns)s cells."),
        text("Export the file again; or complete the row, and end it with a line break."),
    ),
    "too-many-cells": Reason(
        text("The row has %(cells)s cells, but the header has %(columns)s."),
        text("Put quotation marks around texts that hold the delimiter, and check the row."),
    ),
    "year-empty": Reason(
        text("The row has no quantity in any year."), text("Fill in a year, or delete the row.")
    ),
    "sheet-not-recognised": Reason(
        text(
            "It is not clear which table the sheet %(sheet)s holds, so none of its rows was read "
            "(rows: %(rows)s; row %(header_row)s was taken as the header)."
        ),
        text("Name it, such as --table purchases, or give the sheet the name of a table."),
    ),
    "column-missing": Reason(
        text(
            "No column of the sheet %(sheet)s was recognised as %(column)s, so none of its rows was "
            "read (rows: %(rows)s)."
        ),
        text('State which one it is, such as --map "Their column=%(name)s".'),
    ),
    "columns-same-name": Reason(
        text("Two columns are called %(one)s and look like %(column)s, so no row was read (rows: %(rows)s)."),
        text("Rename one of them in the file."),
    ),
    "columns-clash": Reason(
        text("The columns %(one)s and %(other)s both look like %(column)s, so no row was read (rows: %(rows)s)."),
        text('State which one it is, such as --map "%(one)s=%(name)s", and --map "%(other)s=" to leave one out.'),
    ),
}  # fmt: skip

REPAIRS: Mapping[str, str] = {
    "full-width": text(
        "Full-width letters and digits under %(header)s were read as ordinary ones (rows: %(count)s)."
    ),
    "composed": text(
        "Letters under %(header)s whose accents were signs of their own were read as one sign (rows: %(count)s)."
    ),
    "blank-mark": text("Marks such as - or n/a under %(header)s were read as empty (rows: %(count)s)."),
    "rounded-mass": text("Masses under %(header)s were rounded to whole grams, halves to even (rows: %(count)s)."),
    "rounded": text(
        "Values under %(header)s were rounded to %(places)s decimals, halves to even (rows: %(count)s)."
    ),
    "metric-ton": text("The unit ton under %(header)s was read as the metric tonne (rows: %(count)s)."),
    "multiplied": text(
        "Amounts under %(header)s are given in thousands or millions and were multiplied (rows: %(count)s)."
    ),
    "excel-serial": text("Day numbers under %(header)s were read as spreadsheet dates (rows: %(count)s)."),
    "time-dropped": text("The time of day under %(header)s was left out (rows: %(count)s)."),
    "day-first": text(
        "Dates under %(header)s were read with the day first, as other rows show (rows: %(count)s)."
    ),
    "month-first": text(
        "Dates under %(header)s were read with the month first, as other rows show (rows: %(count)s)."
    ),
    "number-as-id": text(
        "Identifiers under %(header)s were stored as numbers; leading zeros, if any, were lost "
        "before (rows: %(count)s)."
    ),
    "currency-from-amount": text("The currency was taken from %(header)s (rows: %(count)s)."),
    "ids-from-rows": text(
        "Rows were numbered after the file and its rows, since it has no identifiers (rows: %(count)s)."
    ),
    "header-below": text("The header was found in row %(row)s; the rows above it were not read as data."),
    "encoding": text("The file was read as %(encoding)s."),
    "hidden-read": text(
        "The sheet %(sheet)s is hidden; its rows were read like those of others (rows: %(count)s)."
    ),
    "no-rows": text("No rows were found below a header, so nothing was read."),
    "hidden-sheet": text(
        "The hidden sheet %(sheet)s was not recognised as a table and not read (rows: %(count)s)."
    ),
    "years": text(
        "Each yearly column became one purchase, dated to the last day of its year; no spend was "
        "made up (rows: %(count)s)."
    ),
    "origin-unknown": text(
        "The country under %(header)s was not read as country of production, as the row does not "
        "say so (rows: %(count)s)."
    ),
    "origin-processed": text(
        "The country under %(header)s was read as country of last processing: the place collects "
        "goods (rows: %(count)s)."
    ),
}
