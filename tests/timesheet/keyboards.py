"""How people, and those who try things out, type."""

from hypothesis import strategies as st

SCRIPTS = ("0123456789", "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९", "۰۱۲۳۴۵۶۷۸۹")
SPACES = st.sampled_from([" ", "  ", "\t", "\u00a0", "\u2009"])


@st.composite
def spelled(draw: st.DrawFn, text: str) -> str:
    """The same in another hand: capitals, other and more spaces, digits of another script."""
    digits = draw(st.sampled_from(SCRIPTS))
    shouted = text.upper() if draw(st.booleans()) else text
    spaced = shouted.replace(" ", draw(SPACES)).replace(":", draw(st.sampled_from([":", " : ", ": ", "："])))
    return draw(SPACES) + spaced.translate(str.maketrans(SCRIPTS[0], digits)) + draw(SPACES)


# What stands in such fields, in any order, and as much of it as a request can hold.
ALPHABET = "0123456789" * 2 + "hmsap:.,-–+ ½/\t\0٣９：noutbcezyw"
any_text = (
    st.text(max_size=60)
    | st.text(ALPHABET, max_size=40)
    | st.builds(lambda part, times: part * times, st.text(ALPHABET, min_size=1, max_size=4), st.integers(1, 5_000))
)
