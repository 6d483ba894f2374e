"""The crosswalk comes back as it was, is its owner's alone, and is never half-written."""

import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.deidentify.crosswalk import Crosswalk, read_crosswalk, write_crosswalk
from warehouse.errors import SourceUnreadable

ORIGINALS = st.text(
    st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00\r"), min_size=1
)


def test_the_same_original_keeps_its_surrogate(tmp_path):
    path = tmp_path / "who"
    first = Crosswalk()
    assert first.add("patient", ["a", "b"]) == 2
    write_crosswalk(path, first)
    second = read_crosswalk(path)
    assert second.add("patient", ["b", "c"]) == 1
    assert second.surrogates["patient"]["b"] == first.surrogates["patient"]["b"]


def test_the_same_original_of_two_kinds_has_two_surrogates():
    crosswalk = Crosswalk()
    crosswalk.add("patient", ["7"])
    crosswalk.add("procedure", ["7"])
    assert crosswalk.surrogates["patient"]["7"] != crosswalk.surrogates["procedure"]["7"]


@settings(deadline=None, derandomize=True, max_examples=50)
@given(originals=st.lists(ORIGINALS, unique=True, max_size=20))
def test_any_original_comes_back(tmp_path_factory, originals):
    path = tmp_path_factory.mktemp("crosswalk") / "who"
    crosswalk = Crosswalk()
    crosswalk.add("site", originals)
    write_crosswalk(path, crosswalk)
    assert read_crosswalk(path) == crosswalk


def test_only_its_owner_may_read_it_even_where_an_older_one_was_open_to_all(tmp_path):
    path = tmp_path / "who"
    write_crosswalk(path, Crosswalk())
    path.chmod(0o644)
    write_crosswalk(path, Crosswalk())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_its_lines_are_in_the_order_of_the_surrogates(tmp_path):
    crosswalk = Crosswalk()
    crosswalk.add("patient", [f"{n:04}" for n in range(200)])
    surrogates = [surrogate for _, _, surrogate in crosswalk.rows()]
    assert surrogates == sorted(surrogates)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "patient,original,surrogate\n",
        "kind,original,surrogate\npatient,Smith\n",
        "kind,original,surrogate\npatient,Smith,P0000001\n",
        "kind,original,surrogate\nnobody,Smith,P0B0B0B0B0B0B0B\n",
        "kind,original,surrogate\n" + "patient,Smith,P0B0B0B0B0B0B0B\n" * 2,
        'kind,original,surrogate\npatient,"Smith"x,P0B0B0B0B0B0B0B\n',
    ],
)
def test_a_damaged_crosswalk_is_refused_and_not_repeated(tmp_path, text):
    path = tmp_path / "who"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceUnreadable) as refused:
        read_crosswalk(path)
    assert "the crosswalk cannot be used" in str(refused.value)
    assert "Smith" not in str(refused.value)


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "who"
    path.write_bytes(b"kind,original,surrogate\npatient,\xff\xfe,P0B\n")
    with pytest.raises(SourceUnreadable, match="UTF-8"):
        read_crosswalk(path)


def test_where_it_cannot_be_written_the_old_one_stays(tmp_path, monkeypatch):
    path = tmp_path / "who"
    crosswalk = Crosswalk()
    crosswalk.add("patient", ["a"])
    write_crosswalk(path, crosswalk)
    before = path.read_bytes()

    def full(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    crosswalk.add("patient", ["b"])
    with pytest.raises(SourceUnreadable, match="No space left"):
        write_crosswalk(path, crosswalk)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
