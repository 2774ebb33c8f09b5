"""Merkle trees as RFC 6962 makes them."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.log import leaf_hash, root_of, tree_hash

# The eight leaves that Certificate Transparency's reference tests use, and the roots
# over the first 0, 1, … 8 of them.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("count", range(len(ROOTS)))
def test_roots_are_those_of_the_reference_tests(count: int):
    held = [leaf_hash(leaf) for leaf in LEAVES[:count]]
    assert tree_hash(held).hex() == ROOTS[count]


def test_a_leaf_is_no_node():
    """The prefixes keep a node from passing for a leaf (RFC 6962, 2.1)."""
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    node = tree_hash([left, right])
    assert node == hashlib.sha256(b"\1" + left + right).digest()
    assert node != leaf_hash(left + right)


@given(st.lists(st.text("ab", max_size=2), max_size=9), st.data())
def test_any_change_of_the_ids_changes_the_root(names: list[str], data: st.DataObject):
    other = data.draw(st.lists(st.text("ab", max_size=2), max_size=9))
    assert (root_of(names) == root_of(other)) is (names == other)
