"""Opening what is folded, as a hand does: what moves for half a second is not pressed yet."""

_STANDS = """title => {
  const box = [...document.querySelectorAll("details[open]")].find(
    each => each.querySelector("summary").innerText.includes(title));
  return box && box.getAnimations({ subtree: true }).every(each => each.playState !== "running");
}"""


def unfold(page, title):
    """Open the part of this title and wait until it stands: a press on a moving button hits nothing."""
    page.get_by_text(title, exact=True).click()
    page.wait_for_function(_STANDS, arg=title)
