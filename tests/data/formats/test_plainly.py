"""A large plain CSV is read by Arrow: the same table as by the reader that explains, or none at all."""

import numpy as np
import pytest

from data.formats import plainly
from data.formats.table import read_table

ROWS = ["i1,Ann,4", "i2, Bo ,NA", "i3,Zoë,", "001,Ann,4.0", "i5,,\t5"]


@pytest.fixture
def both(tmp_path, monkeypatch):
    def both(text, name="r.csv"):
        path = tmp_path / name
        path.write_bytes(text.encode())
        monkeypatch.setattr(plainly, "LARGE", 10**9)
        careful = read_table(path)
        monkeypatch.setattr(plainly, "LARGE", 1)
        return careful, read_table(path), plainly.read_plain(name, text.removeprefix("\ufeff"), ",")

    return both


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("item,rater,value\n" + "\n".join(ROWS) + "\n", True),
        ("item,rater,value\n" + "\n".join(ROWS), True),
        ("\ufeffitem, rater ,my  value\r\n" + "\r\n".join(ROWS) + "\r\n", True),
        ('item,rater,value\n"i1",Ann,4\n', False),
        ("item,rater,value\n\ni1,Ann,4\n", False),
        ("item,rater,value\ni1,Ann,4\n,,\ni2,Ann,5\n", False),
        ("item,rater,value,\ni1,Ann,4,\n", False),
        (",item,value\n0,i1,4\n", False),
        ("Ward 7,,\nitem,rater,value\ni1,Ann,4\n", False),
        ("item,A,,B\n,tone,dose,tone\ni1,1,2,3\n", False),
        ("item,rater,value\ni1,Ann,4,,\n", False),
        ("sep=,\nitem,rater,value\ni1,Ann,4\n", False),
    ],
)
def test_both_readers_read_the_same(both, text, plain):
    careful, read, by_arrow = both(text)
    assert read.cells.equals(careful.cells)
    assert np.array_equal(read.rows, careful.rows)
    assert (read.place, read.understood) == (careful.place, careful.understood)
    assert (by_arrow is not None) == plain


def test_semicolons_are_said_either_way(both):
    careful, read, _ = both("item;value\ni1;4,5\n")
    assert read.understood == careful.understood == ("r.csv is separated by semicolons.",)


def test_a_ragged_line_in_a_large_file_is_named(both):
    with pytest.raises(ValueError, match="line 3 has 4 cells but the header has 3"):
        both("item,rater,value\ni1,Ann,4\ni2,Ann,4,5\n")
